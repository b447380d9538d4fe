//! `sanmon register list`, `template` and `import`.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use model::diagnostic::Diagnostic;
use model::lang::Text;
use model::scheme::Schemes;
use register::table::{self, Format};
use register::{Kind, Words};
use service::folder::Folder;
use service::intake::Intake;
use service::problem::Problem;

use super::{Desk, Outcome};
use crate::cli::Register;
use crate::output;

/// How many new rows and changes are listed before the rest is only counted.
const LISTED: usize = 200;

pub(super) fn run(arguments: &Register, desk: Desk) -> io::Result<Outcome> {
    match arguments {
        Register::List => list(desk),
        Register::Template { kind, output, city } => template(kind, output.as_deref(), city.as_deref(), desk),
        Register::Import { dir, file, dry_run } => import(dir, file, *dry_run, desk),
    }
}

fn list(desk: Desk) -> io::Result<Outcome> {
    let mut out = String::new();
    for kind in registers::all() {
        let _ = writeln!(out, "{:<22}{}", kind.slug, kind.label.get(desk.lang));
    }
    desk.print(&out)?;
    Ok(Outcome::Fine)
}

fn template(name: &str, output: Option<&Path>, city: Option<&Path>, desk: Desk) -> io::Result<Outcome> {
    let (kinds, words): (Vec<Kind>, Words) = match city {
        None => (registers::all(), Words::new(Schemes::default())),
        Some(dir) => match Folder::read(dir, None, &mut |_| {}) {
            Ok(folder) => (folder.city.kinds.clone(), folder.words().clone()),
            Err(problems) => return desk.refuse(&problems),
        },
    };
    let named = |kind: &&Kind| [&*kind.slug, &*kind.label.ja, &*kind.label.en].contains(&name);
    let Some(kind) = kinds.iter().find(named) else {
        let known: Vec<&str> = kinds.iter().map(|kind| kind.slug.as_str()).collect();
        let known = known.join(", ");
        let message = Text::new(
            format!("台帳 `{name}` はない(あるもの: {known})"),
            format!("unknown register (known: {known})"),
        );
        return desk.refuse(&[Problem::whole(name, Diagnostic::error("unknown-register", message))]);
    };
    let bytes = match table::template(kind, &words) {
        Ok(bytes) => bytes,
        Err(fault) => return desk.refuse(&[Problem::whole(name, Diagnostic::error(fault.code, fault.message))]),
    };
    let path = output.map_or_else(|| PathBuf::from(format!("{}.xlsx", kind.slug)), Path::to_path_buf);
    output::replace(&path, &bytes)?;
    let path = path.display();
    let done = Text::new(format!("{path} を書き出した\n"), format!("wrote {path}\n"));
    desk.print(done.get(desk.lang))?;
    Ok(Outcome::Fine)
}

fn import(dir: &Path, file: &Path, dry_run: bool, desk: Desk) -> io::Result<Outcome> {
    let folder = match Folder::read(dir, None, &mut |_| {}) {
        Ok(folder) => folder,
        Err(problems) => return desk.refuse(&problems),
    };
    let name = file.display().to_string();
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return desk.refuse(&[Problem::unreadable(name, &error)]),
    };
    let intakes = match folder.intake(&name, bytes) {
        Ok(intakes) => intakes,
        Err(problems) => return desk.refuse(&problems),
    };
    let mut out = String::new();
    for intake in &intakes {
        preview(&mut out, &folder, intake, desk);
    }
    if dry_run {
        out.push_str(
            Text::fixed(
                "試しに調べただけで、何も書き込んでいない\n",
                "dry run: nothing was written\n",
            )
            .get(desk.lang),
        );
        desk.print(&out)?;
        return Ok(Outcome::Fine);
    }
    // Every file is made before the first is written: a register that cannot be written stops them all.
    let mut files = Vec::new();
    for intake in &intakes {
        match written(&folder, intake) {
            Ok(bytes) => files.push((dir.join(&intake.file), bytes)),
            Err(problem) => return desk.refuse(&[problem]),
        }
    }
    for (path, bytes) in files {
        output::replace(&path, &bytes)?;
    }
    out.push_str(Text::fixed("取り込んだ\n", "taken in\n").get(desk.lang));
    desk.print(&out)?;
    Ok(Outcome::Fine)
}

fn written(folder: &Folder, intake: &Intake) -> Result<Vec<u8>, Problem> {
    let refuse = |code, message| Problem::whole(&intake.file, Diagnostic::error(code, message));
    let Some(kind) = folder.city.kinds.iter().find(|kind| kind.slug == intake.register) else {
        return Err(refuse(
            "unknown-register",
            Text::fixed("台帳がない", "there is no such register"),
        ));
    };
    let format = if intake.file.ends_with(".xlsx") {
        Format::Xlsx
    } else {
        Format::Csv
    };
    let documents = intake.merged.iter().map(|entry| &entry.document);
    table::write(kind, documents, folder.words(), format, model::lang::Lang::Ja)
        .map_err(|fault| refuse(fault.code, fault.message))
}

fn preview(out: &mut String, folder: &Folder, intake: &Intake, desk: Desk) {
    let kind = folder.city.kinds.iter().find(|kind| kind.slug == intake.register);
    let label = kind.map_or(intake.register.as_str(), |kind| kind.label.get(desk.lang));
    let plan = &intake.plan;
    let counts = Text::new(
        format!(
            "追加{}、変更{}、同じ{}、このファイルにない{}(そのまま残す)",
            plan.created.len(),
            plan.changed.len(),
            plan.unchanged.len(),
            plan.absent.len()
        ),
        format!(
            "{} new, {} changed, {} same, {} not in this file (kept)",
            plan.created.len(),
            plan.changed.len(),
            plan.unchanged.len(),
            plan.absent.len()
        ),
    );
    let _ = writeln!(out, "{}: {}", desk.paint.bold(label), counts.get(desk.lang));
    for key in plan.created.iter().take(LISTED) {
        let _ = writeln!(out, "  + {key}");
    }
    for change in plan.changed.iter().take(LISTED) {
        let _ = writeln!(out, "  ~ {} {}", change.key, change.title);
        for difference in &change.differences {
            let field = kind.and_then(|kind| kind.field(&difference.field));
            let label = field.map_or(difference.field.as_str(), |field| field.label.get(desk.lang));
            let _ = writeln!(
                out,
                "      {label}: {} → {}",
                shown(&difference.old),
                shown(&difference.new)
            );
        }
    }
}

fn shown(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "―".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
