//! Why, in words.

use jiff::civil::Date;
use model::date::era;
use model::lang::{Lang, Text};
use model::scheme::SchemeKind;

use super::exception::Exception;
use crate::criterion::{Blame, City, Criterion};
use crate::facts::{Cell, Facts, FieldKind, RowId, Schema};
use crate::standard::{Age, Cadence};

/// `パソコン12 (TM-0012)`.
pub(super) fn row_name(facts: &Facts, row: RowId) -> Text {
    let Some(found) = facts.row(row) else {
        return Text::default();
    };
    if found.title == found.key || found.title.is_empty() {
        Text::same(found.key.to_string())
    } else {
        Text::same(format!("{} ({})", found.title, found.key))
    }
}

pub(super) fn register_label(schema: &Schema, slug: &str) -> Text {
    let label = schema.register(slug).map(|register| &register.label);
    label.map_or_else(Text::default, |label| {
        Text::new(format!("台帳「{}」", label.ja), format!("register of {}", label.en))
    })
}

pub(super) const fn whole_city() -> Text {
    Text::fixed("市全体", "the city as a whole")
}

/// The values of the fields that the failing part of the criterion reads.
pub(super) fn broken(facts: &Facts, row: RowId, blame: &Blame, title: &Text) -> Text {
    let values = blame.fields.iter().map(|&field| stated(facts, row, field));
    let values: Vec<Text> = values.collect();
    if values.is_empty() {
        return Text::new(
            format!("「{}」を満たす記録がない", title.ja),
            format!("no record shows that: {}", title.en),
        );
    }
    join(&values)
}

pub(super) fn missing(facts: &Facts, row: RowId, guilty: &Criterion, blame: &Blame, city: &City) -> Text {
    if let Some(unset) = unset_parameters(Some(guilty), city) {
        return unset;
    }
    let empty = blame
        .fields
        .iter()
        .filter(|&&field| *facts.cell(row, field) == Cell::Missing);
    let values: Vec<Text> = empty.map(|&field| stated(facts, row, field)).collect();
    if values.is_empty() {
        return undecided();
    }
    let joined = join(&values);
    Text::new(
        format!("{}のため、判断できない", joined.ja),
        format!("{}, so it cannot be decided", joined.en),
    )
}

pub(super) fn first_empty(facts: &Facts, row: RowId, blame: &Blame) -> Option<usize> {
    let mut fields = blame.fields.iter().copied();
    fields
        .clone()
        .find(|&field| *facts.cell(row, field) == Cell::Missing)
        .or_else(|| fields.next())
}

pub(super) const fn undecided() -> Text {
    Text::fixed("判断に要る値がない", "a value that decides it is missing")
}

pub(super) fn stale(facts: &Facts, row: RowId, age: Option<Age>) -> Text {
    let Some(age) = age else {
        return undecided();
    };
    let value = stated(facts, row, age.field);
    if *facts.cell(row, age.field) == Cell::Missing {
        return Text::new(
            format!("{}のため、証明にならない", value.ja),
            format!("{}, so it proves nothing", value.en),
        );
    }
    Text::new(
        format!("{}。{}日以内の確認でないと証明にならない", value.ja, age.days),
        format!("{}; evidence is good for {} days", value.en, age.days),
    )
}

pub(super) fn counted(found: u64, min: Option<u64>, max: Option<u64>) -> Text {
    let (ja, en) = match (min, max) {
        (Some(min), Some(max)) => (format!("{min}件から{max}件"), format!("{min} to {max}")),
        (Some(min), None) => (format!("{min}件以上"), format!("at least {min}")),
        (None, Some(max)) => (format!("{max}件以下"), format!("at most {max}")),
        (None, None) => (String::new(), String::new()),
    };
    Text::new(
        format!("該当する記録が{found}件(要るのは{ja})"),
        format!("{found} matching records, {en} needed"),
    )
}

pub(super) fn overdue(last: Option<Date>, due: Option<Date>) -> Text {
    match (last, due) {
        (Some(last), Some(due)) => Text::new(
            format!("最後は{}、期限は{}", era(last), era(due)),
            format!("last done on {last}, was due by {due}"),
        ),
        (_, Some(due)) => Text::new(
            format!("一度も行われていない(期限は{})", era(due)),
            format!("never done, was due by {due}"),
        ),
        _ => Text::fixed("一度も行われていない", "never done"),
    }
}

pub(super) fn no_register(schema: &Schema, register: usize) -> Text {
    let label = schema
        .registers
        .get(register)
        .map(|register| register.label.clone())
        .unwrap_or_default();
    Text::new(
        format!("台帳「{}」がない", label.ja),
        format!("there is no register of {}", label.en),
    )
}

pub(super) const fn nothing_in_scope() -> Text {
    Text::fixed("対象となる記録がない", "no record is in scope")
}

pub(super) const fn does_not_apply() -> Text {
    Text::fixed(
        "この市の構成には当てはまらない",
        "it does not apply to this city's model",
    )
}

pub(super) fn engine_is_silent(fact: &str) -> Text {
    Text::new(
        format!("仕組み `{fact}` からの証明がまだない"),
        format!("engine fact `{fact}` has not been delivered"),
    )
}

pub(super) fn engine_proved_nothing(fact: &str) -> Text {
    Text::new(
        format!("仕組み `{fact}` は、証明に至っていない"),
        format!("engine fact `{fact}` was not proved"),
    )
}

pub(super) fn unset_cadence(cadence: &Cadence, city: &City) -> Option<Text> {
    match cadence {
        Cadence::Parameter(name) if !city.parameters.contains_key(name) => Some(unset(name)),
        _ => None,
    }
}

pub(super) fn unset_parameters(criterion: Option<&Criterion>, city: &City) -> Option<Text> {
    let names = &criterion?.parameters;
    names
        .iter()
        .find(|name| !city.parameters.contains_key(*name))
        .map(|name| unset(name))
}

fn unset(name: &str) -> Text {
    Text::new(
        format!("市の設定 `{name}` が定められていない(city.toml の [parameters])"),
        format!("the city has not set `{name}` ([parameters] of city.toml)"),
    )
}

pub(super) fn nobody_attested(role: &str) -> Text {
    let (ja, en) = role_names(role);
    Text::new(format!("{ja}による証明がない"), format!("not attested by the {en}"))
}

pub(super) fn attested_by_another(role: &str) -> Text {
    let (ja, en) = role_names(role);
    Text::new(
        format!("証明した者は、その日に{ja}でなかった"),
        format!("whoever attested was not the {en} on that day"),
    )
}

pub(super) fn attested_in_future(on: Date) -> Text {
    Text::new(
        format!("証明日{}はまだ来ていない", era(on)),
        format!("attested on {on}, which is still to come"),
    )
}

pub(super) fn attestation_ended(on: Date) -> Text {
    Text::new(
        format!("証明は{}までだった", era(on)),
        format!("the attestation ended on {on}"),
    )
}

fn role_names(role: &str) -> (&str, &str) {
    SchemeKind::Role
        .national(role)
        .map_or((role, role), |national| (national.ja, national.en))
}

pub(super) fn with_exception(reason: &Text, exception: &Exception) -> Text {
    let (code, until) = (&exception.code, exception.expires_on);
    if exception.is_in_force {
        return Text::new(
            format!("{}(例外措置{code}により{}まで)", reason.ja, era(until)),
            format!("{} (exception {code} until {until})", reason.en),
        );
    }
    Text::new(
        format!("{}(例外措置{code}は{}に切れた)", reason.ja, era(until)),
        format!("{} (exception {code} ended on {until})", reason.en),
    )
}

/// `「認証の要素数」が1`.
fn stated(facts: &Facts, row: RowId, field: usize) -> Text {
    let register = facts.schema().registers.get(row.register);
    let Some(schema) = register.and_then(|register| register.fields.get(field)) else {
        return Text::default();
    };
    let (ja, en) = (&schema.label.ja, &schema.label.en);
    let value = |lang| shown(facts, row, field, &schema.kind, lang);
    match (value(Lang::Ja), value(Lang::En)) {
        (Some(ja_value), Some(en_value)) => Text::new(format!("「{ja}」が{ja_value}"), format!("`{en}` is {en_value}")),
        _ => Text::new(format!("「{ja}」が空欄"), format!("`{en}` is empty")),
    }
}

/// A value for people; `None` for an empty cell.
fn shown(facts: &Facts, row: RowId, field: usize, kind: &FieldKind, lang: Lang) -> Option<String> {
    Some(match facts.cell(row, field) {
        Cell::Missing => return None,
        Cell::Bool(true) => Text::fixed("○", "yes").get(lang).to_owned(),
        Cell::Bool(false) => Text::fixed("×", "no").get(lang).to_owned(),
        Cell::Int(value) => value.to_string(),
        Cell::Date(date) if lang == Lang::Ja => era(*date),
        Cell::Date(date) => date.to_string(),
        Cell::Text(text) => {
            let words = if let FieldKind::Choice(words) = kind {
                words.as_slice()
            } else {
                &[]
            };
            let label = words
                .iter()
                .find(|(word, _)| **word == **text)
                .map(|(_, label)| label.get(lang));
            label.unwrap_or(text).to_owned()
        }
        cell @ (Cell::Row(_) | Cell::Rows(_)) => {
            let register = facts.target(row.register, field)?;
            let names = cell
                .rows()
                .iter()
                .map(|&index| row_name(facts, RowId { register, index }));
            names
                .map(|name| name.get(lang).to_owned())
                .collect::<Vec<_>>()
                .join("、")
        }
    })
}

fn join(texts: &[Text]) -> Text {
    let all = |lang: Lang, by: &str| texts.iter().map(|text| text.get(lang)).collect::<Vec<_>>().join(by);
    Text::new(all(Lang::Ja, "、"), all(Lang::En, ", "))
}
