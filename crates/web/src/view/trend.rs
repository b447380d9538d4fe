//! The history of a number as a line, made here as SVG coordinates: a spark in the margin, a chart on the page of a clause.

use std::fmt::Write as _;

use jiff::Timestamp;
use model::lang::{Lang, Text};

use super::history::Point;
use crate::filters::day_of;

/// A small line without axes, for [`Spark::WIDTH`] × [`Spark::HEIGHT`] units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spark {
    /// The points of a polyline.
    pub line: String,
    /// How many things are broken at its end.
    pub last: usize,
}

impl Spark {
    /// In units of its view box.
    pub const WIDTH: u32 = 72;
    /// In units of its view box.
    pub const HEIGHT: u32 = 16;

    /// The line of the broken things of a clause over `days` up to `now`; none where nothing ever broke.
    #[must_use]
    pub fn new(points: &[Point], now: Timestamp, days: u32) -> Option<Self> {
        let window = Window::new(points, now, days);
        if window.highest == 0 || points.len() < 2 {
            return None;
        }
        let area = Area {
            left: 1.0,
            top: 2.0,
            width: f64::from(Self::WIDTH) - 2.0,
            height: f64::from(Self::HEIGHT) - 4.0,
        };
        Some(Self {
            line: window.line(&area),
            last: points.last().map_or(0, |point| point.broken),
        })
    }
}

/// A chart with a scale, for [`Chart::WIDTH`] × [`Chart::HEIGHT`] units; the same points stand in a table beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The points of a polyline.
    pub line: String,
    /// The points of the surface below it.
    pub surface: String,
    /// The lines of the scale: height in units, number.
    pub scale: Vec<(f64, usize)>,
    /// The first and the last moment.
    pub from: Timestamp,
    /// The end of the line.
    pub to: Timestamp,
}

impl Chart {
    /// In units of its view box.
    pub const WIDTH: u32 = 640;
    /// In units of its view box.
    pub const HEIGHT: u32 = 180;

    /// The chart of a clause over `days` up to `now`; none without a history.
    #[must_use]
    pub fn new(points: &[Point], now: Timestamp, days: u32) -> Option<Self> {
        points.first()?;
        let window = Window::new(points, now, days);
        let area = Area {
            left: 36.0,
            top: 12.0,
            width: f64::from(Self::WIDTH) - 48.0,
            height: f64::from(Self::HEIGHT) - 40.0,
        };
        let line = window.line(&area);
        let bottom = area.top + area.height;
        let surface = format!(
            "{:.1},{bottom:.1} {line} {:.1},{bottom:.1}",
            area.left,
            area.left + area.width
        );
        let top = window.highest.max(1);
        let mut marks = vec![0, top.div_ceil(2), top];
        marks.dedup();
        let scale = marks.into_iter().map(|number| (area.y(number, top), number));
        Some(Self {
            line,
            surface,
            scale: scale.collect(),
            from: window.from,
            to: now,
        })
    }
}

impl Chart {
    /// What stands under its left end.
    #[must_use]
    pub fn from_words(&self) -> Text {
        day(self.from)
    }

    /// What stands under its right end.
    #[must_use]
    pub fn to_words(&self) -> Text {
        day(self.to)
    }
}

fn day(at: Timestamp) -> Text {
    Text::new(day_of(at, Lang::Ja), day_of(at, Lang::En))
}

/// The part of a history that is drawn.
struct Window<'p> {
    points: &'p [Point],
    from: Timestamp,
    to: Timestamp,
    highest: usize,
}

struct Area {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Area {
    #[expect(clippy::cast_precision_loss, reason = "counts of findings are far below 2^52")]
    fn y(&self, value: usize, highest: usize) -> f64 {
        let share = value as f64 / highest.max(1) as f64;
        self.height.mul_add(1.0 - share, self.top)
    }
}

impl<'p> Window<'p> {
    fn new(points: &'p [Point], now: Timestamp, days: u32) -> Self {
        let span = jiff::SignedDuration::from_hours(i64::from(days).saturating_mul(24));
        let from = now.saturating_sub(span).unwrap_or(Timestamp::MIN);
        // What held when the window opens is drawn from its left edge on.
        let first = points.iter().rposition(|point| point.at <= from).unwrap_or(0);
        let points = points.get(first..).unwrap_or_default();
        Self {
            from: points.first().map_or(from, |first| first.at.max(from)),
            to: now,
            highest: points.iter().map(|point| point.broken).max().unwrap_or(0),
            points,
        }
    }

    /// A line of steps: a number holds until the next point.
    fn line(&self, area: &Area) -> String {
        let mut line = String::new();
        let mut before: Option<f64> = None;
        for point in self.points {
            let (x, y) = (self.x(point.at, area), area.y(point.broken, self.highest));
            if let Some(before) = before {
                let _ = write!(line, "{x:.1},{before:.1} ");
            }
            let _ = write!(line, "{x:.1},{y:.1} ");
            before = Some(y);
        }
        if let Some(y) = before {
            let _ = write!(line, "{:.1},{y:.1}", area.left + area.width);
        }
        line
    }

    fn x(&self, at: Timestamp, area: &Area) -> f64 {
        let whole = self.to.duration_since(self.from).as_secs_f64().max(1.0);
        let gone = at.max(self.from).duration_since(self.from).as_secs_f64();
        area.width.mul_add((gone / whole).min(1.0), area.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::judge::Standing;

    fn point(at: &str, broken: usize) -> Point {
        Point {
            at: at.parse().unwrap(),
            standing: Standing::Broken,
            broken,
        }
    }

    #[test]
    fn a_number_holds_until_the_next_point() {
        let points = [point("2026-11-01T00:00:00Z", 0), point("2026-11-06T00:00:00Z", 2)];
        let spark = Spark::new(&points, "2026-11-11T00:00:00Z".parse().unwrap(), 10).unwrap();
        assert_eq!(spark.line, "1.0,14.0 36.0,14.0 36.0,2.0 71.0,2.0");
        assert_eq!(spark.last, 2);
    }

    #[test]
    fn what_was_before_the_window_is_drawn_at_its_edge() {
        let points = [point("2020-01-01T00:00:00Z", 1), point("2026-11-06T00:00:00Z", 2)];
        let spark = Spark::new(&points, "2026-11-11T00:00:00Z".parse().unwrap(), 10).unwrap();
        assert!(spark.line.starts_with("1.0,8.0 36.0,8.0 "), "{}", spark.line);
    }

    #[test]
    fn where_nothing_ever_broke_there_is_no_spark() {
        let points = [point("2026-11-01T00:00:00Z", 0)];
        assert_eq!(Spark::new(&points, "2026-11-11T00:00:00Z".parse().unwrap(), 10), None);
    }
}
