//! How cost grows with the number of rules, drawn.

use std::fmt::Write as _;

/// Measurements that belong together.
pub(super) struct Curve {
    name: String,
    colour: &'static str,
    points: Vec<(usize, Option<f64>)>,
}

impl Curve {
    /// Ours, of one shape.
    pub(super) fn ours(shape: &str, points: Vec<(usize, Option<f64>)>) -> Self {
        Self {
            name: format!("Sanmon, {shape}-like"),
            colour: match shape {
                "acl" => "#0b6e4f",
                "firewall" => "#b3440e",
                _ => "#2a4ea0",
            },
            points,
        }
    }

    /// One point of a library.
    pub(super) fn point(library: &str, shape: &str, size: usize, seconds: Option<f64>) -> Self {
        Self {
            name: library.to_owned(),
            colour: Self::ours(shape, Vec::new()).colour,
            points: vec![(size, seconds)],
        }
    }
}

const LEFT: f64 = 70.0;
const TOP: f64 = 30.0;
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 300.0;
/// Powers of ten of rules, and of seconds.
const RULES: (f64, f64) = (3.0, 5.0);
const SECONDS: (f64, f64) = (-2.0, 2.0);

/// Both axes logarithmic; lines are ours, marks are libraries: round biodivine, square oxidd.
pub(super) fn drawn(curves: &[Curve]) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 400\" font-family=\"sans-serif\" font-size=\"13\" \
         role=\"img\">\n<title>Processor seconds by number of rules</title>\n<rect width=\"760\" height=\"400\" fill=\"#fff\"/>\n",
    );
    axes(&mut svg);
    let (mut row, step) = (TOP + 14.0, 22.0);
    for curve in curves {
        let places: Vec<(f64, f64)> = curve
            .points
            .iter()
            .filter_map(|(size, seconds)| Some(place(*size as f64, (*seconds)?)))
            .collect();
        let colour = curve.colour;
        if let [(x, y)] = places.as_slice() {
            _ = if curve.name == "oxidd" {
                let (x, y) = (x - 4.0, y - 4.0);
                writeln!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"8\" height=\"8\" fill=\"none\" stroke=\"{colour}\"/>"
                )
            } else {
                writeln!(
                    svg,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"none\" stroke=\"{colour}\"/>"
                )
            };
            continue;
        }
        if places.is_empty() {
            continue;
        }
        let line: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            line.join(" ")
        );
        legend(&mut svg, row, colour, &curve.name);
        row += step;
    }
    for name in ["○ biodivine, building only", "□ oxidd, building only"] {
        legend(&mut svg, row, "none", name);
        row += step;
    }
    svg.push_str("</svg>\n");
    svg
}

fn axes(svg: &mut String) {
    let (bottom, right) = (TOP + HEIGHT, LEFT + WIDTH);
    for power in 3..=5 {
        let (x, _) = place(10_f64.powi(power), 1.0);
        _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {TOP}V{bottom}\" stroke=\"#ddd\"/><text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            bottom + 20.0,
            ["1,000", "10,000", "100,000"]
                .get(usize::try_from(power - 3).unwrap_or(0))
                .unwrap_or(&"")
        );
    }
    for power in -2..=2 {
        let seconds = 10_f64.powi(power);
        let (_, y) = place(1_000.0, seconds);
        _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {y:.1}H{right}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{seconds} s</text>",
            LEFT - 8.0,
            y + 4.0
        );
    }
    _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">rules</text>",
        LEFT + WIDTH / 2.0,
        bottom + 42.0
    );
}

fn legend(svg: &mut String, y: f64, colour: &str, name: &str) {
    let x = LEFT + WIDTH + 15.0;
    _ = writeln!(
        svg,
        "<path d=\"M{x} {}h18\" stroke=\"{colour}\" stroke-width=\"2\"/><text x=\"{}\" y=\"{y}\">{name}</text>",
        y - 4.0,
        if colour == "none" { x } else { x + 24.0 }
    );
}

fn place(size: f64, seconds: f64) -> (f64, f64) {
    let part = |value: f64, (from, to): (f64, f64)| ((value.log10() - from) / (to - from)).clamp(0.0, 1.0);
    (
        LEFT + WIDTH * part(size, RULES),
        TOP + HEIGHT * (1.0 - part(seconds, SECONDS)),
    )
}
