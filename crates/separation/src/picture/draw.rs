//! From the plan to SVG.

use std::fmt::Write as _;

use model::lang::Lang;

use super::passage::{Count, Passage, Standing};
use super::plan::{Bar, Column, GUTTER, LABEL, LANE, Lane, MARGIN, Plan, SMALL, units};
use super::text::{escaped, shortened, width};
use super::{Dress, words};
use crate::fabric::Fabric;
use crate::question::{Checked, RuleAt};

/// What is drawn.
pub(super) struct Drawing<'d> {
    pub(super) fabric: &'d Fabric,
    pub(super) checked: &'d Checked,
    pub(super) passages: &'d [Passage],
    pub(super) count: Count,
    pub(super) lang: Lang,
}

use super::STYLE;

impl Drawing<'_> {
    pub(super) fn svg(&self, plan: &Plan, dress: Dress) -> String {
        let (width, height) = (plan.width, plan.height);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"net\" role=\"img\" lang=\"{}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\">\n",
            self.code()
        );
        let (title, summary) = (words::TITLE, words::summary(self.count));
        _ = writeln!(svg, "<title>{}</title>", self.say(title.get(self.lang)));
        _ = writeln!(
            svg,
            "<desc>{}</desc>",
            self.say(&self.description(summary.get(self.lang)))
        );
        if dress == Dress::Own {
            _ = writeln!(svg, "<style>{STYLE}</style>");
        }
        _ = writeln!(
            svg,
            "<rect class=\"net-paper\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"10\"/>"
        );
        text(&mut svg, MARGIN, 36.0, "net-title", title.get(self.lang));
        text(&mut svg, MARGIN, 58.0, "net-small", summary.get(self.lang));
        for group in &plan.groups {
            let y = plan.groups_y + 14.0;
            text(
                &mut svg,
                group.from,
                y,
                "net-group",
                words::group(group.kind).get(self.lang),
            );
            line(&mut svg, "net-rule", (group.from, y + 6.0), (group.to, y + 6.0));
        }
        plan.columns.iter().for_each(|column| self.band(&mut svg, plan, column));
        text(
            &mut svg,
            MARGIN,
            plan.devices_y - 8.0,
            "net-heading net-halo",
            words::DEVICES.get(self.lang),
        );
        for wire in &plan.wires {
            line(&mut svg, "net-wire", (wire.x, wire.from), (wire.x, wire.to));
        }
        plan.bars.iter().for_each(|bar| self.bar(&mut svg, bar));
        text(
            &mut svg,
            MARGIN,
            plan.lanes_y - 8.0,
            "net-heading net-halo",
            words::PASSAGES.get(self.lang),
        );
        plan.lanes
            .iter()
            .enumerate()
            .for_each(|(at, lane)| self.lane(&mut svg, plan, at, lane));
        if plan.lanes.is_empty() {
            text(
                &mut svg,
                GUTTER,
                plan.lanes_y + 30.0,
                "net-halo",
                words::NOTHING.get(self.lang),
            );
        }
        self.legend(&mut svg, plan);
        svg.push_str("</svg>\n");
        svg
    }

    fn code(&self) -> &'static str {
        match self.lang {
            Lang::Ja => "ja",
            Lang::En => "en",
        }
    }

    fn say(&self, text: &str) -> String {
        escaped(text)
    }

    /// The picture in words.
    fn description(&self, summary: &str) -> String {
        let mut description = summary.to_owned();
        for passage in self
            .passages
            .iter()
            .filter(|passage| passage.standing == Standing::Broken)
        {
            let stop = if self.lang == Lang::Ja { "。" } else { ". " };
            _ = write!(description, "{stop}{}", self.sentence(passage));
        }
        description
    }

    fn sentence(&self, passage: &Passage) -> String {
        let (from, to) = (self.zone(passage.from), self.zone(passage.to));
        format!(
            "{from} → {to}: {} {}",
            passage.standing.label().get(self.lang),
            self.services(passage)
        )
    }

    fn zone(&self, id: crate::network::ZoneId) -> &str {
        self.fabric.network.zone(id).map_or("", |zone| &zone.label)
    }

    /// What passes, or that it is not known.
    pub(super) fn services(&self, passage: &Passage) -> String {
        if passage.services.is_empty() {
            return words::UNKNOWN.get(self.lang).to_owned();
        }
        let services: Vec<&str> = passage.services.iter().map(|service| self.service(service)).collect();
        services.join(if self.lang == Lang::Ja { "、" } else { ", " })
    }

    fn service<'t>(&self, service: &'t str) -> &'t str {
        match (service, self.lang) {
            ("any", Lang::Ja) => "すべて",
            _ => service,
        }
    }

    /// The devices on the way.
    pub(super) fn way(&self, passage: &Passage) -> String {
        let devices = passage.way.iter().filter_map(|node| self.fabric.placed(*node));
        devices.map(|device| &*device.label).collect::<Vec<_>>().join(" → ")
    }

    /// What is wrong of a passage or keeps it from being proved, each with its line.
    pub(super) fn reasons(&self, passage: &Passage) -> Vec<String> {
        let mut reasons = Vec::new();
        for finding in passage.findings.iter().filter_map(|at| self.checked.findings.get(*at)) {
            let kind = words::kind(finding.kind);
            let path = finding
                .path
                .as_deref()
                .map_or_else(String::new, |path| format!(" {path}"));
            let at = finding
                .rule
                .map_or_else(String::new, |rule| format!(" ({})", self.place(rule)));
            reasons.push(format!(
                "{}{path} {}{at}",
                kind.get(self.lang),
                self.service(&finding.service)
            ));
        }
        for open in passage.unproven.iter().filter_map(|at| self.checked.unproven.get(*at)) {
            let at = open
                .at
                .map_or_else(String::new, |(node, line)| format!(" ({})", self.line_at(node, line)));
            reasons.push(format!("{}{at}", open.reason.get(self.lang)));
        }
        reasons
    }

    fn place(&self, rule: RuleAt) -> String {
        self.line_at(rule.node, rule.line)
    }

    fn line_at(&self, node: crate::fabric::NodeId, line: crate::device::Line) -> String {
        let Some(device) = self.fabric.placed(node) else {
            return String::new();
        };
        let file = device
            .configurations
            .get(usize::from(line.file))
            .map_or("", String::as_str);
        let file = file.rsplit('/').next().unwrap_or(file);
        words::place(&device.label, file, line.number).get(self.lang).to_owned()
    }

    fn band(&self, svg: &mut String, plan: &Plan, column: &Column) {
        let (heading, class) = (column.heading, words::class(column.tier));
        let bottom = plan.legend_y - 8.0;
        _ = writeln!(
            svg,
            "<rect class=\"net-band {class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"6\"/>",
            heading.x,
            heading.y,
            heading.width,
            bottom - heading.y
        );
        line(
            svg,
            "net-life",
            (heading.middle(), heading.bottom()),
            (heading.middle(), bottom),
        );
        _ = writeln!(svg, "<g class=\"net-zone {class}\">");
        rectangle(svg, "", heading, 6.0);
        for (at, one) in column.lines.iter().enumerate() {
            let y = heading.y + 24.0 + 19.0 * units(at);
            middle(svg, heading.middle(), y, "", one);
        }
        if let Some(register) = &column.register {
            middle(svg, heading.middle(), heading.bottom() - 10.0, "net-small", register);
        }
        svg.push_str("</g>\n");
    }

    fn bar(&self, svg: &mut String, bar: &Bar) {
        let rail = bar.rail();
        let ends = bar.stops.iter().chain(&bar.joints);
        let (first, last) = ends.fold((f64::INFINITY, 0.0_f64), |(first, last), x| {
            (first.min(*x), last.max(*x))
        });
        if first.is_finite() {
            line(svg, "net-rail", (first, rail), (last, rail));
        }
        for x in &bar.joints {
            _ = writeln!(
                svg,
                "<rect class=\"net-joint\" x=\"{:.1}\" y=\"{:.1}\" width=\"12\" height=\"12\" rx=\"2\"/>",
                x - 6.0,
                rail - 6.0
            );
        }
        for x in &bar.stops {
            circle(svg, "net-stop", (*x, rail), 6.5);
        }
        let name = self.fabric.placed(bar.node).map_or("", |placed| &placed.label);
        text(svg, bar.area.x, bar.area.y + 18.0, "net-device net-halo", name);
    }

    fn lane(&self, svg: &mut String, plan: &Plan, at: usize, lane: &Lane) {
        let Some(passage) = self.passages.get(lane.passage) else {
            return;
        };
        let standing = passage.standing;
        let y = lane.y + LANE / 2.0;
        _ = writeln!(svg, "<g class=\"net-{}\">", standing.word());
        _ = writeln!(svg, "<title>{}</title>", self.say(&self.sentence(passage)));
        _ = writeln!(
            svg,
            "<text class=\"net-small\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            GUTTER - 26.0,
            y + 4.0,
            at.saturating_add(1)
        );
        let forward = lane.to >= lane.from;
        let sign = if forward { 1.0 } else { -1.0 };
        let tip = lane.to - 2.0 * sign;
        line(svg, "net-arrow", (lane.from, y), (tip - 10.0 * sign, y));
        _ = writeln!(
            svg,
            "<path class=\"net-head\" d=\"M{tip:.1} {y:.1}l{:.1} -7v14z\"/>",
            -13.0 * sign
        );
        circle(svg, "net-head", (lane.from, y), 5.0);
        let center = (lane.from + lane.to) / 2.0;
        circle(svg, "net-mark", (center, y), 10.0);
        middle(svg, center, y + 4.5, "net-word", standing.mark());
        let room = plan.width - GUTTER - MARGIN;
        let word = standing.label();
        let word = word.get(self.lang);
        let rest = self.told(passage);
        let rest = shortened(&rest, room / LABEL - width(word) - 2.0);
        let wide = (width(word) + width(&rest) + 1.0) * LABEL;
        let x = start(center, wide, plan.width);
        _ = writeln!(
            svg,
            "<text class=\"net-halo\" x=\"{x:.1}\" y=\"{:.1}\"><tspan class=\"net-word\">{}</tspan> {}</text>",
            y - 17.0,
            self.say(word),
            self.say(&rest)
        );
        let below = self.below(passage);
        let below = shortened(&below, room / SMALL);
        let x = start(center, width(&below) * SMALL, plan.width);
        text(svg, x, y + 25.0, "net-small net-halo", &below);
        svg.push_str("</g>\n");
    }

    /// What passes; of what is broken, what is wrong with it.
    fn told(&self, passage: &Passage) -> String {
        let mut wrong: Vec<String> = Vec::new();
        for finding in passage.findings.iter().filter_map(|at| self.checked.findings.get(*at)) {
            let kind = words::kind(finding.kind);
            let path = finding
                .path
                .as_deref()
                .map_or_else(String::new, |path| format!(" {path}"));
            let told = format!("{}{path} {}", kind.get(self.lang), self.service(&finding.service));
            if !wrong.contains(&told) {
                wrong.push(told);
            }
        }
        if wrong.is_empty() {
            self.services(passage)
        } else {
            wrong.join(" / ")
        }
    }

    /// The way, and the first line that is wrong.
    fn below(&self, passage: &Passage) -> String {
        let way = self.way(passage);
        let first = passage.findings.first().and_then(|at| self.checked.findings.get(*at));
        match first.and_then(|finding| finding.rule) {
            Some(rule) if way.is_empty() => self.place(rule),
            Some(rule) => format!("{way} ・ {}", self.place(rule)),
            None => way,
        }
    }

    fn legend(&self, svg: &mut String, plan: &Plan) {
        let y = plan.legend_y + 22.0;
        let mut x = GUTTER;
        for standing in Standing::ALL {
            let label = standing.label();
            let label = label.get(self.lang);
            _ = writeln!(svg, "<g class=\"net-{}\">", standing.word());
            circle(svg, "net-mark", (x + 10.0, y - 5.0), 10.0);
            middle(svg, x + 10.0, y - 0.5, "net-word", standing.mark());
            text(svg, x + 26.0, y, "net-word", label);
            svg.push_str("</g>\n");
            x += 26.0 + width(label) * LABEL + 26.0;
        }
        let silent = self.silent();
        let hidden = self.passages.len().saturating_sub(plan.lanes.len());
        let mut notes = Vec::new();
        if silent > 0 {
            notes.push(words::silent(silent));
        }
        if hidden > 0 {
            notes.push(words::more(hidden));
        }
        let notes: Vec<&str> = notes.iter().map(|note| note.get(self.lang)).collect();
        let notes = notes.join(if self.lang == Lang::Ja { "。" } else { ". " });
        text(svg, GUTTER, y + 26.0, "net-small", &notes);
    }

    /// Pairs of which it is proved that nothing passes.
    fn silent(&self) -> usize {
        let kept = self
            .passages
            .iter()
            .filter(|passage| passage.standing == Standing::Kept);
        self.count.kept.saturating_sub(kept.count())
    }
}

/// Where a text begins that is to stand around `center` and inside the picture.
fn start(center: f64, wide: f64, whole: f64) -> f64 {
    let most = (whole - MARGIN - wide).max(GUTTER);
    (center - wide / 2.0).clamp(GUTTER, most)
}

fn text(svg: &mut String, x: f64, y: f64, class: &str, text: &str) {
    _ = writeln!(
        svg,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
        escaped(text)
    );
}

fn middle(svg: &mut String, x: f64, y: f64, class: &str, text: &str) {
    _ = writeln!(
        svg,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>",
        escaped(text)
    );
}

fn line(svg: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    _ = writeln!(
        svg,
        "<path class=\"{class}\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>",
        from.0, from.1, to.0, to.1
    );
}

fn circle(svg: &mut String, class: &str, at: (f64, f64), radius: f64) {
    _ = writeln!(
        svg,
        "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\"/>",
        at.0, at.1
    );
}

fn rectangle(svg: &mut String, class: &str, area: super::plan::Rectangle, round: f64) {
    _ = writeln!(
        svg,
        "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{round}\"/>",
        area.x, area.y, area.width, area.height
    );
}
