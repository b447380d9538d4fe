//! `sanmon separation matrix DIR`: which services go from which zone to which.

use std::io;

use model::lang::Text;
use separation::packet::Family;
use separation::question::{Options, matrix};
use serde_json::{Value, json};
use service::network::words;
use unicode_width::UnicodeWidthStr;

use super::asked::Asked;
use super::rule;
use crate::cli::Format;
use crate::cli::separation::NetworkOf;
use crate::commands::{Desk, Outcome};

/// A cell of the table names this many services at most; JSON has all.
const SHOWN: usize = 6;

pub(super) fn run(of: &NetworkOf, format: Format, desk: Desk) -> io::Result<Outcome> {
    let asked = match Asked::read(of) {
        Ok(asked) => asked,
        Err(problems) => return desk.refuse(&problems),
    };
    let network = &asked.network;
    let (cells, unknown) = matrix(&network.fabric, Options::on(asked.today));
    let name = |zone| network.fabric.network.zone(zone).map_or("", |zone| zone.name.as_str());
    if format == Format::Json {
        let cells = cells.iter().map(|cell| {
            json!({
                "from": name(cell.from),
                "to": name(cell.to),
                "family": family(cell.family),
                "services": cell.services,
                "count": cell.packets.to_string(),
                "witness": rule::packet(&cell.witness),
            })
        });
        let unknown = unknown.iter();
        let unknown = unknown.map(|(zone, of)| json!({ "from": name(*zone), "family": family(*of) }));
        desk.json(&json!({ "cells": cells.collect::<Vec<Value>>(), "unproven": unknown.collect::<Vec<Value>>() }))?;
        return Ok(Outcome::Fine);
    }
    let mut rows: Vec<[String; 4]> = Vec::new();
    for cell in &cells {
        let mut services: Vec<&str> = cell.services.iter().take(SHOWN).map(String::as_str).collect();
        if cell.services.len() > SHOWN {
            services.push("…");
        }
        rows.push([
            network.pair((cell.from, cell.to)),
            family(cell.family).to_owned(),
            words::grouped(&cell.packets.to_string()),
            services.join(" "),
        ]);
    }
    for (zone, of) in &unknown {
        let told = Text::fixed("分からない(組合せが多い)", "not known: too many combinations");
        rows.push([
            format!("{} → ?", network.zone_label(*zone)),
            family(*of).to_owned(),
            "?".to_owned(),
            told.get(desk.lang).to_owned(),
        ]);
    }
    let mut out = table(&rows);
    if rows.is_empty() {
        let nothing = Text::fixed("領域のあいだを通るものはない\n", "nothing passes between zones\n");
        out.push_str(nothing.get(desk.lang));
    }
    desk.print(&out)?;
    Ok(Outcome::Fine)
}

/// Columns as wide as the widest cell; numbers to the right.
fn table(rows: &[[String; 4]]) -> String {
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or_default()
    };
    let (pair, of, count) = (widest(0), widest(1), widest(2));
    let mut out = String::new();
    for [first, second, third, last] in rows {
        let space = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.width()));
        out.push_str(&format!(
            "{first}{}  {second}{}  {}{third}  {last}\n",
            space(first, pair),
            space(second, of),
            space(third, count)
        ));
    }
    out
}

const fn family(family: Family) -> &'static str {
    match family {
        Family::V4 => "IPv4",
        Family::V6 => "IPv6",
    }
}
