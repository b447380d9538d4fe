//! Formulas of Excel: which may stay.
//!
//! Source: ISO/IEC 29500-1, 18.17. What calls a program, a server, another file or a macro is not carried over; the value that was last
//! computed stays in its place.

use crate::class::Class;

/// Functions that fetch, register or run something; with a prefix of a newer version or without.
const CALLS: &[&str] = &[
    "CALL",
    "REGISTER",
    "REGISTER.ID",
    "UNREGISTER",
    "EXEC",
    "EVALUATE",
    "RTD",
    "WEBSERVICE",
    "IMAGE",
    "SQL.REQUEST",
    "STOCKHISTORY",
    "PY",
    "CUBEKPIMEMBER",
    "CUBEMEMBER",
    "CUBEMEMBERPROPERTY",
    "CUBERANKEDMEMBER",
    "CUBESET",
    "CUBESETCOUNT",
    "CUBEVALUE",
    "COPILOT",
    "DETECTLANGUAGE",
    "TRANSLATE",
    "IMPORTDATA",
    "IMPORTXML",
    "IMPORTHTML",
    "IMPORTFEED",
    "IMPORTRANGE",
    "FOPEN",
    "INITIATE",
    "POKE",
    "EXECUTE",
    "REQUEST",
];

/// What speaks against a formula; nothing if it only computes.
pub(super) fn fault(formula: &str) -> Option<Class> {
    if !formula.bytes().any(|byte| matches!(byte, b'|' | b'[' | b'(')) {
        return None;
    }
    let bare = without_strings(formula);
    if bare.contains('|') {
        return Some(Class::FetchingField);
    }
    if elsewhere(formula) {
        return Some(Class::ExternalTarget);
    }
    let called = |function: &str| CALLS.iter().any(|call| function.eq_ignore_ascii_case(call));
    if functions(&bare).any(called) {
        return Some(Class::FetchingField);
    }
    functions(&bare)
        .any(|function| function.eq_ignore_ascii_case("HYPERLINK"))
        .then_some(Class::Hyperlink)
}

/// The formula without what stands between quotation marks.
fn without_strings(formula: &str) -> String {
    formula.split('"').step_by(2).collect::<Vec<_>>().join(" ")
}

/// Names that a parenthesis follows.
fn functions(bare: &str) -> impl Iterator<Item = &str> {
    bare.split('(').map(|before| {
        let before = before.trim_end();
        let start = before
            .rfind(|character: char| !(character.is_alphanumeric() || matches!(character, '.' | '_')))
            .map_or(0, |at| {
                at + before
                    .get(at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(1, char::len_utf8)
            });
        let name = before.get(start..).unwrap_or_default();
        name.trim_start_matches("_xlfn.")
            .trim_start_matches("_xlws.")
            .trim_start_matches("_xludf.")
    })
}

/// Does it refer to a cell of another file: `[1]Sheet!A1`, `'[1]a sheet'!A1`, `[1]!name`? A bracket after a table's name is a column.
fn elsewhere(formula: &str) -> bool {
    let bare = without_strings(formula);
    let mut before = None;
    for (at, character) in bare.char_indices() {
        if character == '['
            && before.is_none_or(|before: char| {
                !(before.is_alphanumeric() || matches!(before, '_' | '.' | '[' | ',' | ']' | ':'))
            })
        {
            let inside = bare.get(at + 1..).unwrap_or_default();
            let book = inside.split(']').next().unwrap_or_default();
            let after = inside.get(book.len() + 1..).unwrap_or_default();
            let named = after.starts_with('!')
                || after.chars().next().is_some_and(char::is_alphanumeric)
                || before == Some('\'');
            if named && after.contains('!') {
                return true;
            }
        }
        before = Some(character);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_that_computes_stays() {
        for formula in [
            "SUM(A1:A3)*2",
            "IF(A1>\"[1]|x\",1,2)",
            "Table1[[#This Row],[金額]]*1.1",
            "'支出 一覧'!B2",
            "_xlfn.XLOOKUP(A1,B:B,C:C)",
        ] {
            assert_eq!(fault(formula), None, "{formula}");
        }
    }

    #[test]
    fn a_formula_that_calls_outside_goes() {
        for formula in [
            "cmd|'/c calc'!A0",
            "WEBSERVICE(\"http://h.invalid\")",
            "_xlfn.WEBSERVICE (A1)",
            "1+rtd(\"a\",,\"b\")",
            "CALL(\"k\",\"W\",\"J\")",
        ] {
            assert_eq!(fault(formula), Some(Class::FetchingField), "{formula}");
        }
        for formula in [
            "[1]Sheet1!$A$1",
            "'[2]集 計'!A1+1",
            "SUM([1]!範囲)",
            "'C:\\x\\[a.xlsx]Sheet1'!A1",
        ] {
            assert_eq!(fault(formula), Some(Class::ExternalTarget), "{formula}");
        }
        assert_eq!(fault("HYPERLINK(\"http://h.invalid\",\"x\")"), Some(Class::Hyperlink));
    }
}
