//! What templates can do to a value: `{{ "台帳"|t }}`, `{{ duty.title|say }}`, `{{ finding.since|day }}`.
//!
//! Each reads the language that the page is rendered in ([`Spoken`]).

#![expect(missing_docs, reason = "the macro of the filters makes types of its own beside each")]

use std::any::Any;
use std::fmt;

use askama::filters::Safe;
use askama::{FastWritable, Result, Values, get_value};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, offset};
use model::date::era;
use model::lang::{Lang, Text};
use policy::judge::Standing;

use crate::words;

/// The language that a template is rendered in.
#[derive(Debug, Clone, Copy)]
pub struct Spoken(pub Lang);

const LANG: &str = "lang";

impl Values for Spoken {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == LANG).then_some(&self.0 as &dyn Any)
    }
}

/// A value behind any number of references: templates hand over what their loops and matches made of it.
pub trait Plain<T> {
    /// The value.
    fn plain(&self) -> &T;
}

impl<T, P: Plain<T>> Plain<T> for &P {
    fn plain(&self) -> &T {
        (**self).plain()
    }
}

macro_rules! plain {
    ($($shown:ty)*) => {
        $(impl Plain<$shown> for $shown {
            fn plain(&self) -> &$shown {
                self
            }
        })*
    };
}

plain! { Text Date Timestamp Standing }

fn lang(values: &dyn Values) -> Result<Lang> {
    get_value::<Lang>(values, LANG).copied()
}

/// A message of the templates in the language of the page.
#[askama::filter_fn]
pub fn t(message: &'static str, values: &dyn Values) -> Result<&'static str> {
    Ok(words::message(message, lang(values)?))
}

/// A text in two languages, in the language of the page.
#[askama::filter_fn]
pub fn say<T: Plain<Text>>(text: T, values: &dyn Values) -> Result<Said<T>> {
    Ok(Said(text, lang(values)?))
}

/// A [`Text`] that is written in one of its languages, without a copy of it: a page says some hundred of them.
#[derive(Debug, Clone, Copy)]
pub struct Said<T>(T, Lang);

impl<T: Plain<Text>> Said<T> {
    fn words(&self) -> &str {
        self.0.plain().get(self.1)
    }
}

impl<T: Plain<Text>> fmt::Display for Said<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl<T: Plain<Text>> FastWritable for Said<T> {
    fn write_into(&self, to: &mut dyn fmt::Write, _: &dyn Values) -> Result<()> {
        Ok(to.write_str(self.words())?)
    }
}

/// A day: 令和8年11月22日, in English 2026-11-22.
#[askama::filter_fn]
pub fn day<D: Plain<Date>>(date: D, values: &dyn Values) -> Result<Safe<String>> {
    let date = *date.plain();
    let shown = day_in(date, lang(values)?);
    Ok(Safe(format!("<time datetime=\"{date}\">{shown}</time>")))
}

/// The day in Japan of a moment.
#[askama::filter_fn]
pub fn date<M: Plain<Timestamp>>(at: M, values: &dyn Values) -> Result<Safe<String>> {
    let at = *at.plain();
    let shown = day_of(at, lang(values)?);
    Ok(Safe(format!("<time datetime=\"{at:.0}\">{shown}</time>")))
}

/// A moment in Japan, to the minute.
#[askama::filter_fn]
pub fn moment<M: Plain<Timestamp>>(at: M, values: &dyn Values) -> Result<Safe<String>> {
    let at = *at.plain();
    let shown = moment_in(at, lang(values)?);
    Ok(Safe(format!("<time datetime=\"{at:.0}\">{shown}</time>")))
}

/// A standing: its mark for the eye, its word for everybody.
#[askama::filter_fn]
pub fn badge<S: Plain<Standing>>(standing: S, values: &dyn Values) -> Result<Safe<String>> {
    let standing = *standing.plain();
    let (word, mark) = (standing.label(), standing.mark());
    let (class, word) = (class_of(standing), word.get(lang(values)?));
    Ok(Safe(format!(
        "<span class=\"standing {class}\"><span class=\"mark\" aria-hidden=\"true\">{mark}</span>{word}</span>"
    )))
}

/// A standing where there is room for its mark only; the word is there for those who listen.
#[askama::filter_fn]
pub fn mark<S: Plain<Standing>>(standing: S, values: &dyn Values) -> Result<Safe<String>> {
    let standing = *standing.plain();
    let (word, mark) = (standing.label(), standing.mark());
    let (class, word) = (class_of(standing), word.get(lang(values)?));
    Ok(Safe(format!(
        "<span class=\"bare {class}\"><span aria-hidden=\"true\">{mark}</span><span class=\"unseen\">{word}</span></span>"
    )))
}

/// The class that colours a standing, for a template.
#[askama::filter_fn]
pub fn class<S: Plain<Standing>>(standing: S, _: &dyn Values) -> Result<&'static str> {
    Ok(class_of(*standing.plain()))
}

/// The class that colours a standing.
#[must_use]
pub const fn class_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Kept => "is-kept",
        Standing::Broken => "is-broken",
        Standing::Unproven => "is-unproven",
        Standing::Excepted => "is-excepted",
        Standing::NotApplicable => "is-outside",
    }
}

/// A day as people of `lang` read it.
#[must_use]
pub fn day_in(date: Date, lang: Lang) -> String {
    match lang {
        Lang::Ja => era(date),
        Lang::En => date.to_string(),
    }
}

/// The day in Japan of a moment.
#[must_use]
pub fn day_of(at: Timestamp, lang: Lang) -> String {
    day_in(model::clock::date_in_japan(at), lang)
}

/// A moment in Japan as people of `lang` read it.
#[must_use]
pub fn moment_in(at: Timestamp, lang: Lang) -> String {
    let there: DateTime = TimeZone::fixed(offset(9)).to_datetime(at);
    let (day, hour, minute) = (day_in(there.date(), lang), there.hour(), there.minute());
    match lang {
        Lang::Ja => format!("{day} {hour}時{minute:02}分"),
        Lang::En => format!("{day} {hour:02}:{minute:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_japan() {
        let at: Timestamp = "2026-11-22T15:03:09Z".parse().unwrap();
        assert_eq!(moment_in(at, Lang::Ja), "令和8年11月23日 0時03分");
        assert_eq!(moment_in(at, Lang::En), "2026-11-23 00:03");
    }
}
