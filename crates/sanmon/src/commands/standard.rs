//! `sanmon standard check` and `sanmon standard diff`.

use std::io;
use std::path::Path;

use model::lang::{Lang, Text};
use policy::standard::{Departure, departures};
use service::problem::Problem;
use service::standard::StandardFolder;

use super::{Desk, Outcome};
use crate::cli::{Format, Standard};
use crate::show::problem::problem;

pub(super) fn run(arguments: &Standard, desk: Desk) -> io::Result<Outcome> {
    match arguments {
        Standard::Check { dir } => check(dir.as_deref(), desk),
        Standard::Diff { dir, format } => diff(dir, *format, desk),
    }
}

fn check(dir: Option<&Path>, desk: Desk) -> io::Result<Outcome> {
    let folder = match StandardFolder::read(dir) {
        Ok(folder) => folder,
        Err(problems) => return desk.refuse(&problems),
    };
    let checked = folder.check();
    let errors = checked.errors();
    let mut out = String::new();
    for remark in checked.remarks {
        let text = folder.source(&remark.file).to_owned();
        out.push_str(&problem(&Problem::located(remark, text), desk.lang, desk.paint));
    }
    let (duties, by_data, paired) = (folder.standard.duties.len(), folder.decided_by_data(), checked.paired);
    let closing = Text::new(
        format!("遵守事項{duties}件、うち台帳で決まるもの{by_data}件、対になる試験{paired}件、誤り{errors}件\n"),
        format!("{duties} duties, {by_data} decided by data, {paired} test pairs, {errors} errors\n"),
    );
    out.push_str(closing.get(desk.lang));
    desk.print(&out)?;
    Ok(if errors == 0 { Outcome::Fine } else { Outcome::Broken })
}

fn diff(dir: &Path, format: Format, desk: Desk) -> io::Result<Outcome> {
    let (shipped, own) = match (StandardFolder::read(None), StandardFolder::read(Some(dir))) {
        (Ok(shipped), Ok(own)) => (shipped.standard, own.standard),
        (Err(problems), _) | (_, Err(problems)) => return desk.refuse(&problems),
    };
    let departures = departures(&shipped, &own);
    if format == Format::Json {
        desk.json(&departures)?;
        return Ok(Outcome::Fine);
    }
    let mut out = String::new();
    for departure in &departures {
        out.push_str(&line(departure, desk.lang));
    }
    if departures.is_empty() {
        out.push_str(Text::fixed("標準のまま\n", "as shipped\n").get(desk.lang));
    }
    desk.print(&out)?;
    Ok(Outcome::Fine)
}

fn line(departure: &Departure<'_>, lang: Lang) -> String {
    let (mark, id, text) = match departure {
        Departure::Added { duty } => ("+", &duty.id, duty.title.clone()),
        Departure::Changed { duty, keys, .. } => ("~", &duty.id, Text::same(keys.join(", "))),
        Departure::Disabled { duty, .. } => ("-", &duty.id, duty.disabled.clone().unwrap_or_default()),
    };
    format!("{mark} {id}: {}\n", text.get(lang))
}
