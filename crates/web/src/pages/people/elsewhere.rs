//! Which other systems know a person, and what their groups say against the register; an administrator lets one go.

use std::collections::BTreeSet;

use access::account::Account;
use axum::extract::{Path, State as Of};
use axum::response::Response;
use model::lang::Text;
use service::city::City;
use service::hall::Hall;
use service::hall::directory::Directory;

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::href;
use crate::notice::{self, Notice};
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::view::name;

/// A system that knows the person.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Its name in the configuration and in accounts.
    pub(super) name: String,
    /// What pages call it; the name where the configuration has it no more.
    pub(super) label: Text,
    /// Roles that its groups speak for and the register does not give.
    pub(super) beyond: Vec<Text>,
}

/// The systems that know the person of an account.
pub(super) fn known(hall: &Hall, city: &City, directory: &Directory, account: &Account) -> Vec<Known> {
    let held: BTreeSet<&str> = directory
        .roles_of(&account.person, hall.today())
        .map(|held| held.role)
        .collect();
    let known = account.elsewhere.iter().map(|known| {
        let beyond = known.roles.iter().filter(|role| !held.contains(role.as_str()));
        Known {
            label: label(hall, &known.provider),
            name: known.provider.clone(),
            beyond: beyond.map(|role| name::role(&city.settings.schemes, role)).collect(),
        }
    });
    known.collect()
}

fn label(hall: &Hall, name: &str) -> Text {
    let elsewhere = &hall.entrance().elsewhere;
    let directory = elsewhere.directory.as_ref().map(|directory| directory.settings());
    let directory = directory
        .filter(|settings| settings.name == name)
        .map(|settings| &settings.label);
    let provider = elsewhere.provider(name).map(|provider| &provider.settings().label);
    provider
        .or(directory)
        .cloned()
        .unwrap_or_else(|| Text::same(name.to_owned()))
}

pub(super) async fn forget(
    Of(site): Of<Site>,
    Who(visitor): Who,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let back = href::person(&key);
    let provider = sent.value("provider").to_owned();
    blocking(&site, move |hall| hall.forget_elsewhere(&visitor, &key, &provider)).await?;
    Ok(notice::see(&back, Notice::Saved))
}
