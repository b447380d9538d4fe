//! How a duty is decided, in words: 台帳「端末」のうち、「種別」が「ノート」である行のすべてについて、「ディスク暗号化」が「はい」であること.
//!
//! The words are made from the expression and from the labels of the registers' fields, so that a city's own duties have them too. An
//! expression that has no words here is shown as it is written.

mod read;
mod say;

use model::lang::Text;
use model::scheme::{PERSONNEL, SchemeKind};
use policy::standard::{Duty, Expression, Form, Frequency};
use service::city::City;

use self::say::Speaker;

/// The criterion as the standard writes it.
pub(super) fn expression(form: &Form) -> String {
    let (scope, holds) = match form {
        Form::Each { scope, holds, .. } => (scope.as_ref(), Some(holds)),
        Form::Count { scope, .. } | Form::Within { scope, .. } => (scope.as_ref(), None),
        Form::Engine { .. } | Form::Attested { .. } => (None, None),
    };
    let scope = scope.map(|scope| format!("where {}", scope.text));
    let holds = holds.map(|holds| format!("holds {}", holds.text));
    let parts = std::iter::once(form.word().to_owned()).chain(scope).chain(holds);
    parts.collect::<Vec<_>>().join(" ")
}

/// The criterion in words.
pub(super) fn words(duty: &Duty, city: &City) -> Text {
    match &duty.criterion {
        Form::Each {
            register, scope, holds, ..
        } => {
            let rows = Rows::new(city, register, scope.as_ref());
            let holds = rows.condition(holds);
            Text::new(
                format!("{}のすべてについて、{}こと。", rows.text.ja, holds.ja),
                format!("For every {}: {}.", rows.text.en, holds.en),
            )
        }
        Form::Count {
            register,
            scope,
            min,
            max,
        } => {
            let rows = Rows::new(city, register, scope.as_ref()).text;
            let (ja, en) = bounds(*min, *max);
            Text::new(
                format!("{}が{ja}あること。", rows.ja),
                format!("There is {en} {}.", rows.en),
            )
        }
        Form::Within {
            register,
            scope,
            cadence,
            per,
            ..
        } => {
            let rows = Rows::new(city, register, scope.as_ref());
            let (often, per) = (cadence_words(cadence, city), per.as_ref().map(|per| rows.label(per)));
            let (ja, en) = per.map_or_else(Default::default, |per| {
                (format!("「{}」ごとに、", per.ja), format!("For each {}: ", per.en))
            });
            Text::new(
                format!("{ja}{}が、{}あること。", rows.text.ja, often.ja),
                format!("{en}There is a {} {}.", rows.text.en, often.en),
            )
        }
        Form::Engine { .. } => Text::fixed("三門が自動で確かめること。", "Checked automatically by Sanmon."),
        Form::Attested { role, days } => {
            let role = SchemeKind::Role.national(role).unwrap_or(&PERSONNEL);
            Text::new(
                format!("{}が、{days}日以内に、守られていることを証明していること。", role.ja),
                format!("The {} has attested within {days} days that it is kept.", role.en),
            )
        }
    }
}

/// The rows that a criterion asks about.
struct Rows<'c> {
    speaker: Speaker<'c>,
    text: Text,
}

impl<'c> Rows<'c> {
    fn new(city: &'c City, register: &'c Expression, scope: Option<&Expression>) -> Self {
        let speaker = Speaker::new(city, &register.text);
        let label = city
            .kind(&register.text)
            .map_or_else(|| Text::same(&register.text), |kind| kind.label.clone());
        let text = match scope {
            None => Text::new(
                format!("台帳「{}」の行", label.ja),
                format!("row of the register of {}", label.en),
            ),
            Some(scope) => {
                let scope = condition(&speaker, scope);
                Text::new(
                    format!("台帳「{}」のうち、{}行", label.ja, scope.ja),
                    format!("row of the register of {} where {}", label.en, scope.en),
                )
            }
        };
        Self { speaker, text }
    }

    fn condition(&self, expression: &Expression) -> Text {
        condition(&self.speaker, expression)
    }

    fn label(&self, field: &Expression) -> Text {
        self.speaker.field(&field.text)
    }
}

/// A condition in words that stand before a noun; as it is written where there are none.
fn condition(speaker: &Speaker<'_>, expression: &Expression) -> Text {
    let said = read::read(&expression.text).and_then(|node| speaker.condition(&node));
    said.unwrap_or_else(|| {
        let written = &expression.text;
        Text::new(
            format!("式 {written} を満たす"),
            format!("the expression {written} holds"),
        )
    })
}

fn bounds(min: Option<u64>, max: Option<u64>) -> (String, String) {
    match (min, max) {
        (Some(1), None) => ("1件以上".to_owned(), "at least one".to_owned()),
        (Some(min), None) => (format!("{min}件以上"), format!("at least {min} times a")),
        (Some(min), Some(max)) if min == max => (format!("ちょうど{min}件"), format!("exactly {min} times a")),
        (Some(min), Some(max)) => (format!("{min}件から{max}件"), format!("{min} to {max} times a")),
        (None, Some(0)) => ("0件で".to_owned(), "no".to_owned()),
        (None, max) => {
            let max = max.unwrap_or(u64::MAX);
            (format!("{max}件以下で"), format!("at most {max} times a"))
        }
    }
}

fn cadence_words(cadence: &Frequency, city: &City) -> Text {
    match cadence {
        Frequency::FiscalYear => Text::fixed("毎年度", "in every fiscal year"),
        Frequency::Days(days) => days_words(i64::from(*days)),
        Frequency::Parameter(name) => match city.settings.city.parameters.get(name) {
            Some(days) => days_words(*days),
            None => Text::fixed("市の定める間隔で", "as often as the city sets"),
        },
    }
}

fn days_words(days: i64) -> Text {
    Text::new(format!("{days}日以内に"), format!("within {days} days"))
}
