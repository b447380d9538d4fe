//! Dates as people in a Japanese office write them.

use jiff::civil::Date;

/// An era: name, Latin letter, first day.
struct Era {
    name: &'static str,
    letter: char,
    first: Date,
}

/// Newest first. 元号法; earlier eras do not occur in living documents.
static ERAS: [Era; 4] = [
    Era {
        name: "令和",
        letter: 'R',
        first: Date::constant(2019, 5, 1),
    },
    Era {
        name: "平成",
        letter: 'H',
        first: Date::constant(1989, 1, 8),
    },
    Era {
        name: "昭和",
        letter: 'S',
        first: Date::constant(1926, 12, 25),
    },
    Era {
        name: "大正",
        letter: 'T',
        first: Date::constant(1912, 7, 30),
    },
];

/// Reads `2026-04-01`, `2026/4/1`, `2026年4月1日`, `令和8年4月1日`, `令和元年5月1日`, `R8.4.1`.
///
/// Full-width digits, letters and spaces are accepted. `None` for anything else and for days that do not exist.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(model::date::parse("R8.4.1"), Some(date(2026, 4, 1)));
/// assert_eq!(model::date::parse("令和元年５月１日"), Some(date(2019, 5, 1)));
/// assert_eq!(model::date::parse("令和8年2月30日"), None);
/// ```
#[must_use]
pub fn parse(text: &str) -> Option<Date> {
    let parts = Parts::read(text)?;
    Date::new(parts.year, parts.month, parts.day?).ok()
}

/// Reads a year and month, with or without a day: `令和8年3月` is its first day.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(model::date::parse_month("令和8年3月"), Some(date(2026, 3, 1)));
/// ```
#[must_use]
pub fn parse_month(text: &str) -> Option<Date> {
    let parts = Parts::read(text)?;
    Date::new(parts.year, parts.month, parts.day.unwrap_or(1)).ok()
}

struct Parts {
    year: i16,
    month: i8,
    day: Option<i8>,
}

impl Parts {
    fn read(text: &str) -> Option<Self> {
        let folded: String = text.chars().map(fold).filter(|c| !c.is_whitespace()).collect();
        let (era, rest) = era_prefix(&folded);
        let rest = rest.replace("元年", "1年");
        let rest = rest.strip_suffix('日').unwrap_or(&rest);
        let rest = rest.strip_suffix('月').unwrap_or(rest);
        let numbers = rest
            .split(['-', '/', '.', '年', '月'])
            .map(|part| {
                let digits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
                digits.then(|| part.parse::<i16>().ok()).flatten()
            })
            .collect::<Option<Vec<i16>>>()?;
        let (year, month, day) = match *numbers.as_slice() {
            [year, month] => (year, month, None),
            [year, month, day] => (year, month, Some(i8::try_from(day).ok()?)),
            _ => return None,
        };
        let year = match era {
            Some(era) if year >= 1 => era.first.year().checked_add(year)?.checked_sub(1)?,
            None if year >= 1000 => year,
            _ => return None,
        };
        Some(Self {
            year,
            month: i8::try_from(month).ok()?,
            day,
        })
    }
}

/// Full-width ASCII to ASCII.
fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

fn era_prefix(text: &str) -> (Option<&'static Era>, &str) {
    for era in &ERAS {
        if let Some(rest) = text.strip_prefix(era.name) {
            return (Some(era), rest);
        }
        let small = era.letter.to_ascii_lowercase();
        if let Some(rest) = text.strip_prefix([era.letter, small]) {
            return (Some(era), rest);
        }
    }
    (None, text)
}

/// `令和8年4月1日`; ISO before 大正.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(model::date::era(date(2019, 5, 1)), "令和元年5月1日");
/// ```
#[must_use]
pub fn era(date: Date) -> String {
    match era_year(date) {
        Some(year) => format!("{year}{}月{}日", date.month(), date.day()),
        None => date.to_string(),
    }
}

/// `令和8年` of a date.
fn era_year(date: Date) -> Option<String> {
    let era = ERAS.iter().find(|era| era.first <= date)?;
    let year = i32::from(date.year()) - i32::from(era.first.year()) + 1;
    Some(match year {
        1 => format!("{}元年", era.name),
        _ => format!("{}{year}年", era.name),
    })
}

/// The fiscal year (April to March) that a date lies in.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(model::date::fiscal_year(date(2027, 3, 31)), 2026);
/// ```
#[must_use]
pub fn fiscal_year(date: Date) -> i16 {
    if date.month() >= 4 {
        date.year()
    } else {
        date.year().saturating_sub(1)
    }
}

/// The last day of a fiscal year: 31 March of the year after.
#[must_use]
pub fn fiscal_year_end(year: i16) -> Date {
    Date::new(year.saturating_add(1), 3, 31).unwrap_or(Date::MAX)
}

/// `令和8年度`.
///
/// ```
/// assert_eq!(model::date::fiscal_year_label(2026), "令和8年度");
/// ```
#[must_use]
pub fn fiscal_year_label(year: i16) -> String {
    Date::new(year, 5, 1)
        .ok()
        .and_then(era_year)
        .map_or_else(|| format!("{year}年度"), |year| format!("{year}度"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_of_one_day_is_the_same_day() {
        for text in [
            "2026-04-01",
            "2026/4/1",
            "2026年4月1日",
            "令和8年4月1日",
            "令和 8 年 4 月 1 日",
            "R8.4.1",
            "r8/4/1",
            "２０２６／４／１",
        ] {
            assert_eq!(parse(text), Some(date(2026, 4, 1)), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "26-4-1",
            "R0.4.1",
            "令和8年",
            "2026-13-01",
            "4月1日",
            "R8.4.1.1",
            "2026-4-1x",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_era_date_reads_back(days in 0_i64..54_000) {
            let day = date(1912, 7, 30).saturating_add(jiff::Span::new().days(days));
            prop_assert_eq!(parse(&era(day)), Some(day));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = parse(&text);
            let _ = parse_month(&text);
        }
    }
}
