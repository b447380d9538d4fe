//! `city.toml`: who the city is, and what its policy leaves to it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;
use model::scheme::{SchemeKind, Schemes};
use policy::criterion::City;
use policy::standard::Parameter;
use serde::Deserialize;
use toml::Spanned;

use crate::hall::collection::SIGN_IN_CLASS;

/// The settings of a city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// 見本市
    pub name: Text,
    /// 団体コード: five digits, or six with the check digit.
    pub code: String,
    /// The file of the policy text, relative to the folder.
    pub policy: String,
    /// The date that the folder is a snapshot of; a city that keeps its folder current has none.
    pub as_of: Option<Date>,
    /// What criteria read.
    pub city: City,
    /// The city's words for roles, grades and tiers.
    pub schemes: Schemes,
    /// For how many years, after the fiscal year, the contents of a class of records are kept; what is not named is kept for ever.
    pub retention: BTreeMap<String, u16>,
    /// Clause id → concept, where the city corrects the binding.
    pub bind: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    name_en: Option<String>,
    code: Spanned<String>,
    model: Spanned<String>,
    policy: String,
    as_of: Option<Spanned<String>>,
    #[serde(default)]
    parameters: BTreeMap<Spanned<String>, i64>,
    #[serde(default)]
    scheme: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, String>>,
    #[serde(default)]
    retention: BTreeMap<Spanned<String>, u16>,
    #[serde(default)]
    bind: BTreeMap<String, String>,
}

impl Settings {
    /// Reads `city.toml`; `parameters` are those that the standard knows, whose defaults hold until the city sets its own.
    ///
    /// # Errors
    /// Every key, model, parameter or national code that is not known.
    pub fn read(source: &str, parameters: &[Parameter]) -> Result<Self, Vec<Diagnostic>> {
        let file: File = toml::from_str(source).map_err(|error| {
            let span = error
                .span()
                .map_or(Span::new(0, 0), |span| Span::new(span.start, span.end));
            let message = Text::new(format!("city.toml を読めない: {}", error.message()), error.message());
            vec![Diagnostic::error("settings-syntax", message).at(span)]
        })?;
        let mut problems = Vec::new();
        let mut refuse = |span: std::ops::Range<usize>, message: Text| {
            problems.push(Diagnostic::error("settings", message).at(Span::new(span.start, span.end)));
        };
        if file.name.get_ref().trim().is_empty() {
            refuse(file.name.span(), Text::fixed("団体の名を書く", "the city needs a name"));
        }
        let digits = file.code.get_ref();
        if !(5..=6).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = Text::fixed(
                "団体コードは5桁か6桁の数字で書く",
                "the municipality code has five or six digits",
            );
            refuse(file.code.span(), message);
        }
        let model = file.model.get_ref().clone();
        if !City::MODELS.contains(&model.as_str()) {
            let known = City::MODELS.join(", ");
            let message = Text::new(
                format!("構成 `{model}` はない(使えるもの: {known})"),
                format!("unknown model `{model}` (known: {known})"),
            );
            refuse(file.model.span(), message);
        }
        let as_of = file.as_of.and_then(|written| {
            let date = model::date::parse(written.get_ref());
            if date.is_none() {
                refuse(
                    written.span(),
                    Text::fixed("日付を書く(例 2026-11-23)", "not a date (write 2026-11-23)"),
                );
            }
            date
        });
        let values = self::parameters(file.parameters, parameters, &mut refuse);
        let schemes = self::schemes(file.scheme, &mut refuse);
        let retention = self::retention(file.retention, &mut refuse);
        if !problems.is_empty() {
            return Err(problems);
        }
        let name = file.name.into_inner();
        Ok(Self {
            name: Text::new(name.clone(), file.name_en.unwrap_or(name)),
            code: file.code.into_inner(),
            policy: file.policy,
            as_of,
            city: City {
                model,
                parameters: values,
            },
            schemes,
            retention,
            bind: file.bind,
        })
    }
}

fn parameters(
    set: BTreeMap<Spanned<String>, i64>,
    known: &[Parameter],
    refuse: &mut impl FnMut(std::ops::Range<usize>, Text),
) -> BTreeMap<String, i64> {
    let defaults = known
        .iter()
        .filter_map(|parameter| Some((parameter.name.clone(), parameter.default?)));
    let mut values: BTreeMap<String, i64> = defaults.collect();
    for (name, value) in set {
        let span = name.span();
        let name = name.into_inner();
        if !known.iter().any(|parameter| parameter.name == name) {
            let names: Vec<&str> = known.iter().map(|parameter| parameter.name.as_str()).collect();
            let names = names.join(", ");
            let message = Text::new(
                format!("設定 `{name}` はない(使えるもの: {names})"),
                format!("unknown parameter `{name}` (known: {names})"),
            );
            refuse(span, message);
        } else if !(1..=36_600).contains(&value) {
            let message = Text::new(
                format!("設定 `{name}` は1から36600までの数にする"),
                format!("parameter `{name}` must lie between 1 and 36600"),
            );
            refuse(span, message);
        } else {
            values.insert(name, value);
        }
    }
    values
}

/// The classes of records whose contents do not stay for ever.
const CLASSES: &[&str] = &[SIGN_IN_CLASS];

fn retention(
    set: BTreeMap<Spanned<String>, u16>,
    refuse: &mut impl FnMut(std::ops::Range<usize>, Text),
) -> BTreeMap<String, u16> {
    let mut terms = BTreeMap::new();
    for (class, years) in set {
        let known = CLASSES.contains(&class.get_ref().as_str());
        if known && (1..=100).contains(&years) {
            terms.insert(class.into_inner(), years);
        } else {
            let known = CLASSES.join(", ");
            let message = Text::new(
                format!("保存期間は、区分({known})ごとに1年から100年までで書く"),
                format!("a term is from 1 to 100 years, for one of the classes {known}"),
            );
            refuse(class.span(), message);
        }
    }
    terms
}

fn schemes(
    set: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, String>>,
    refuse: &mut impl FnMut(std::ops::Range<usize>, Text),
) -> Schemes {
    let mut schemes = Schemes::default();
    for (slug, words) in set {
        let Some(kind) = SchemeKind::from_slug(slug.get_ref()) else {
            let known = SchemeKind::ALL.map(SchemeKind::slug).join(", ");
            let message = Text::new(
                format!("区分 `{}` はない(使えるもの: {known})", slug.get_ref()),
                format!("unknown scheme `{}` (known: {known})", slug.get_ref()),
            );
            refuse(slug.span(), message);
            continue;
        };
        for (word, code) in words {
            if let Err(message) = schemes.add(kind, word.get_ref(), &code) {
                refuse(word.span(), message);
            }
        }
    }
    schemes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<Parameter> {
        policy::standard::shipped_parameters().unwrap()
    }

    const GOOD: &str = "name = \"見本市\"\ncode = \"999999\"\nmodel = \"alpha\"\npolicy = \"policy.txt\"\n";

    #[test]
    fn defaults_hold_until_the_city_sets_its_own() {
        let plain = Settings::read(GOOD, &known()).unwrap();
        assert_eq!(plain.city.parameters.get("patch_days"), Some(&90));
        assert_eq!(plain.city.parameters.get("audit_interval_days"), None);
        let own = format!("{GOOD}[parameters]\npatch_days = 30\n");
        let own = Settings::read(&own, &known()).unwrap();
        assert_eq!(own.city.parameters.get("patch_days"), Some(&30));
    }

    #[test]
    fn every_mistake_is_told_at_once_with_its_place() {
        let source = "name = \"\"\ncode = \"12\"\nmodel = \"gamma\"\npolicy = \"p.txt\"\n[parameters]\npatch = 3\n\
                      [scheme.role]\n\"局長\" = \"boss\"\n[scheme.colour]\n\"赤\" = \"red\"\n";
        let problems = Settings::read(source, &known()).unwrap_err();
        let places: Vec<&str> = problems.iter().map(|p| p.span.unwrap().of(source).unwrap()).collect();
        assert_eq!(places, ["\"\"", "\"12\"", "\"gamma\"", "patch", "colour", "\"局長\""]);
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let problems = Settings::read(&format!("{GOOD}colour = 1\n"), &known()).unwrap_err();
        assert!(problems[0].message.en.contains("colour"));
    }
}
