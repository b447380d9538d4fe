//! What was measured: printed as it comes, or as JSON at the end.

use serde::Serialize;

/// The measurements of a run.
#[derive(Debug)]
pub(crate) struct Report {
    json: bool,
    rows: Vec<Row>,
}

/// One measurement.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    what: String,
    measured: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<Goal>,
    /// Whether the goal was reached in this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<bool>,
}

/// What was measured beside it, in the same unit.
#[derive(Debug, Serialize)]
struct Baseline {
    what: String,
    measured: f64,
    /// Ours divided by this.
    ratio: f64,
}

/// What a measurement should be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    /// So much or more.
    AtLeast(f64),
    /// So much or less.
    AtMost(f64),
    /// So much of the baseline or more.
    RatioAtLeast(f64),
}

impl Row {
    pub(crate) fn new(what: impl Into<String>, measured: f64, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            measured,
            unit,
            baseline: None,
            goal: None,
            reached: None,
        }
    }

    pub(crate) fn beside(mut self, what: impl Into<String>, measured: f64) -> Self {
        self.baseline = Some(Baseline {
            what: what.into(),
            measured,
            ratio: self.measured / measured,
        });
        self
    }

    pub(crate) fn goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    fn judged(mut self) -> Self {
        let ratio = self.baseline.as_ref().map(|baseline| baseline.ratio);
        self.reached = self.goal.and_then(|goal| match goal {
            Goal::AtLeast(least) => Some(self.measured >= least),
            Goal::AtMost(most) => Some(self.measured <= most),
            Goal::RatioAtLeast(least) => ratio.map(|ratio| ratio >= least),
        });
        self
    }

    fn print(&self) {
        let ratio = self.baseline.as_ref().map_or_else(String::new, |b| number(b.ratio));
        let goal = match self.goal {
            None => String::new(),
            Some(Goal::AtLeast(least)) => format!("≥ {}", number(least)),
            Some(Goal::AtMost(most)) => format!("≤ {}", number(most)),
            Some(Goal::RatioAtLeast(least)) => format!("ratio ≥ {}", number(least)),
        };
        let reached = match self.reached {
            None => "",
            Some(true) => "reached",
            Some(false) => "MISSED",
        };
        let beside = self
            .baseline
            .as_ref()
            .map_or_else(String::new, |b| format!("{} {}", number(b.measured), b.what));
        let measured = format!("{} {}", number(self.measured), self.unit);
        println!(
            "{:<52} {measured:>18} {ratio:>8}  {goal:<12} {reached:<8} {beside}",
            self.what
        );
    }
}

impl Report {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, rows: Vec::new() }
    }

    /// Whether a table is printed for people.
    pub(crate) fn is_table(&self) -> bool {
        !self.json
    }

    /// Begins the table.
    pub(crate) fn heading(&self, of: &str) {
        if self.is_table() {
            println!("{of:<52} {:>18} {:>8}  {:<21} baseline", "measured", "ratio", "goal");
        }
    }

    pub(crate) fn add(&mut self, row: Row) {
        let row = row.judged();
        if self.is_table() {
            row.print();
        }
        self.rows.push(row);
    }

    pub(crate) fn finish(self) {
        if self.json {
            println!("{}", serde_json::to_string_pretty(&self.rows).unwrap_or_default());
            return;
        }
        let goals = self.rows.iter().filter_map(|row| row.reached);
        let (goals, reached) = goals.fold((0, 0), |(all, reached), yes| (all + 1, reached + usize::from(yes)));
        if goals > 0 {
            println!("{reached} of {goals} goals reached");
        }
    }
}

/// As many digits as mean something.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 1000.0 => {
            let digits = format!("{value:.0}");
            let groups = digits.as_bytes().rchunks(3).rev();
            let groups = groups.map(|group| String::from_utf8_lossy(group).into_owned());
            groups.collect::<Vec<_>>().join(",")
        }
        large if large >= 100.0 => format!("{value:.0}"),
        large if large >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
