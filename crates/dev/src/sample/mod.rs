//! The sample city 見本市: a city folder that keeps its policy, but for the faults that [`planted`] lists.
//!
//! [`generate`] returns every file of `sample/` by path, as bytes; it reads no clock, no file and no chance, so the same source gives the same city.
//! A register is one function that returns its rows, from a [`stream`] of the register's own name. To add one: write the function, add a line to
//! [`tables`]; labels, choices and column order come from the `registers` crate. To plant a fault: add it to `planted::PLANTED`, nowhere else;
//! those of the network are written where they stand and listed in `configurations::FAULTS`.

mod accounts;
mod areas;
mod assets;
mod attestations;
mod city;
mod cloud;
mod configurations;
mod csv;
mod documents;
mod evaluation;
mod exceptions;
mod incidents;
mod inspections;
mod media;
mod names;
mod network;
mod organisation;
mod people;
mod planted;
mod readme;
mod roles;
mod scheme;
mod software;
mod stream;
mod systems;
mod table;
mod terminals;
mod town;
mod training;
mod vendors;

use std::collections::BTreeMap;

use jiff::civil::Date;
use policy::standard::{Duty, Standard};

use table::Tables;
use town::Town;

/// The day on which the city is looked at.
pub const AS_OF: Date = Date::constant(2026, 11, 23);

/// Every file of the sample city by path relative to `sample/`.
#[must_use]
pub fn generate() -> BTreeMap<String, Vec<u8>> {
    let duties = Standard::shipped().map(|standard| standard.duties).unwrap_or_default();
    let mut tables = tables(&duties);
    planted::plant(&mut tables);
    let registers = registers::all().into_iter().map(|kind| {
        let file = csv::file(&kind, tables.rows(&kind.slug));
        (format!("registers/{}.csv", kind.slug), file)
    });
    let texts = [
        ("city.toml", city::city_toml()),
        ("policy.txt", include_str!("policy.txt").to_owned()),
    ];
    let texts = texts.map(|(path, text)| (path.to_owned(), text.into_bytes()));
    let network = configurations::FILES.iter();
    let network = network.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    let mut files: BTreeMap<String, Vec<u8>> = registers.chain(texts).chain(network).collect();
    let readme = readme::readme(&tables, &files);
    files.insert("README.md".to_owned(), readme.into_bytes());
    files
}

/// The clean city.
fn tables(duties: &[Duty]) -> Tables {
    let town = Town::new();
    let mut tables = Tables::default();
    tables.add("organ", organisation::organs(&town));
    tables.add("section", organisation::sections());
    tables.add("person", people::people(&town));
    tables.add("role_assignment", roles::role_assignments(&town));
    tables.add("committee", roles::committees(&town));
    tables.add("meeting", roles::meetings());
    tables.add("asset", assets::assets(&town));
    tables.add("contract", vendors::contracts());
    let systems = systems::systems(&town, tables.rows("contract"));
    tables.add("system", systems);
    tables.add("zone", network::zones(&town));
    tables.add("segment", network::segments());
    tables.add("permitted_path", network::permitted_paths(&town));
    tables.add("terminal", terminals::terminals(&town));
    tables.add("medium", media::media(&town));
    let take_outs = media::take_outs(&town, tables.rows("asset"));
    tables.add("take_out", take_outs);
    tables.add("software", software::software(&town));
    tables.add("account", accounts::accounts(&town));
    tables.add("area", areas::areas(&town));
    tables.add("entry_record", areas::entry_records(&town));
    let equipment = areas::equipment(&town);
    tables.add("disposal", media::disposals(&town, &equipment));
    tables.add("equipment", equipment);
    tables.add("vendor", vendors::vendors());
    let checks = vendors::vendor_checks(&town, tables.rows("contract"));
    tables.add("vendor_check", checks);
    tables.add("cloud_service", cloud::cloud_services(&town));
    tables.add("sns_account", cloud::sns_accounts(&town));
    tables.add("document", documents::documents(&town));
    tables.add("acknowledgement", documents::acknowledgements(&town));
    tables.add("adoption", documents::adoptions());
    tables.add("course", training::courses());
    tables.add("attendance", training::attendances(&town));
    tables.add("drill", training::drills());
    tables.add("incident", incidents::incidents(&town));
    tables.add("contingency_plan", incidents::contingency_plans(&town));
    tables.add("contact", incidents::contacts(&town));
    tables.add("exception", exceptions::exceptions(&town));
    let attestations = attestations::attestations(duties, tables.rows("role_assignment"));
    tables.add("attestation", attestations);
    tables.add("risk", evaluation::risks(&town));
    tables.add("audit", evaluation::audits(&town));
    let actions = evaluation::corrective_actions(&town, tables.rows("audit"));
    tables.add("corrective_action", actions);
    tables.add("inspection_campaign", inspections::campaigns(&town));
    tables.add("inspection_answer", inspections::answers(&town));
    tables
}

#[cfg(test)]
mod tests;
