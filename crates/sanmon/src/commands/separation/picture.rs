//! `sanmon separation picture DIR --out FILE`: the zones and what passes between them, to look at.

use std::io;
use std::path::Path;

use model::lang::Text;
use separation::picture::{Answered, Dress};
use separation::question::{Options, matrix};

use super::asked::Asked;
use crate::cli::separation::NetworkOf;
use crate::commands::{Desk, Outcome};
use crate::output;

pub(super) fn run(of: &NetworkOf, out: &Path, desk: Desk) -> io::Result<Outcome> {
    let asked = match Asked::read(of) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let fabric = &asked.network.fabric;
    let (cells, unknown) = matrix(fabric, Options::on(asked.today));
    let checked = asked.network.check(&asked.model, asked.today);
    let answered = Answered {
        fabric,
        demands: &checked.demands,
        cells: &cells,
        unknown: &unknown,
        checked: &checked.answer(),
    };
    let is_picture = out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
    let drawn = if is_picture {
        answered.svg(desk.lang, Dress::Own)
    } else {
        answered.page(desk.lang)
    };
    if let Err(error) = output::write(out, drawn.as_bytes()) {
        let file = out.display();
        return desk.stop(&Text::new(
            format!("{file} に書けない: {error}"),
            format!("{file} cannot be written: {error}"),
        ));
    }
    Ok(Outcome::Fine)
}
