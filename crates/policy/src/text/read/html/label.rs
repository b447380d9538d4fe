//! The labels of list items.

use super::super::numeral::Numeral;

/// The label of an item and what parts it from the text; nothing where the text brings its own.
pub(super) fn label(number: u32, numeral: Numeral, text: &str) -> String {
    if brings_label(text, number) {
        return String::new();
    }
    let sign = numeral.write(number);
    match numeral {
        Numeral::None => String::new(),
        Numeral::Bullet => sign,
        Numeral::Decimal
        | Numeral::DecimalZero
        | Numeral::LowerLetter
        | Numeral::UpperLetter
        | Numeral::LowerRoman
        | Numeral::UpperRoman => format!("{sign}. "),
        _ => format!("{sign} "),
    }
}

/// Whether the text opens with a label of its own: sites hide the list's numbers and type `(1)` instead.
fn brings_label(text: &str, number: u32) -> bool {
    let text = text.trim_start();
    let mut signs = text.chars();
    let Some(first) = signs.next() else { return false };
    match first {
        '第' => signs.next().is_some_and(is_numeral),
        '(' | '（' => text.chars().take(6).any(|c| matches!(c, ')' | '）')),
        '①'..='⒛' | '㉑'..='㊿' | '・' | '※' | '●' | '○' | '◎' => true,
        'ア'..='ン' => signs
            .next()
            .is_none_or(|next| matches!(next, ' ' | '\u{3000}' | '\t' | '.' | '．' | '、' | ')' | '）')),
        _ if is_digit(first) => {
            let digits: String = text.chars().take_while(|c| is_digit(*c)).map(half_width).collect();
            let after = text.chars().nth(digits.len());
            let same = digits == number.to_string();
            match after {
                Some('.' | '．' | ')' | '）') => true,
                Some(' ' | '\u{3000}' | '\t' | '、') => same,
                _ => false,
            }
        }
        _ => false,
    }
}

fn is_numeral(c: char) -> bool {
    is_digit(c) || "〇一二三四五六七八九十百".contains(c)
}

const fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
        _ => c,
    }
}
