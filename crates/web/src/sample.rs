//! The sample city as pages see it: for the tests that look at every page, and for `examples/look.rs`.

use std::path::Path;
use std::sync::Arc;

use axum::http::Uri;
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp, ToSpan};
use model::clock::FixedClock;
use model::lang::Lang;
use register::{Imported, Kind};
use service::folder::Folder;
use service::network::Known;
use service::problem::Problem;
use service::standing::{ClauseState, Snapshot};

use crate::frame::{Section, Viewer};
use crate::site::{Edition, Site};
use crate::view::{History, Newest, Point, Records};
use crate::visit::Visit;

/// How far back the sample's history goes, in steps of four weeks.
const STEPS: i64 = 6;

/// A service that shows the city in a folder at `today`; its history is the same rows, judged for every fourth week before.
///
/// # Errors
/// Every problem of the folder.
pub fn site(dir: &Path, today: Date) -> Result<Site, Vec<Problem>> {
    let mut folder = Folder::read(dir, None, &mut |_| {})?;
    let model = folder.city.settings.city.model.clone();
    let network = Known::of(folder.network.take().map(Ok), &model, today);
    let records = Rows(folder.imported().clone(), folder.city.kinds.clone());
    let city = Arc::new(folder.city);
    let (_, compiled) = city.compile()?;
    let now = morning(today);
    let site = Site::new(Arc::new(FixedClock::new(now)));
    let mut history = History::default();
    for step in (0..=STEPS).rev() {
        let day = today.saturating_sub(step.saturating_mul(28).days());
        let mut judge = city.judge(&records.0.entries, day)?;
        // Of its network there is only what it is today.
        judge.report(network.facts(today));
        let snapshot = Snapshot::new(Arc::clone(&city), Arc::clone(&compiled), &judge, 0).showing(network.clone());
        tell(&mut history, snapshot.walk(), morning(day));
        if step == 0 {
            site.put(Edition::new(Arc::new(snapshot), history.clone(), &records, now));
        }
    }
    site.publish(Some(&city.document));
    Ok(site)
}

fn tell<'s>(history: &mut History, clauses: impl Iterator<Item = &'s ClauseState>, at: Timestamp) {
    for clause in clauses {
        if let Some(standing) = clause.standing {
            let broken = clause.broken;
            history.add(&clause.id, Point { at, standing, broken });
        }
    }
}

/// Half past eight in Japan.
fn morning(day: Date) -> Timestamp {
    let there = day.at(8, 30, 0, 0).to_zoned(TimeZone::fixed(offset(9)));
    there.map_or(Timestamp::UNIX_EPOCH, |there| there.timestamp())
}

/// The rows of the folder.
struct Rows(Imported, Vec<Kind>);

impl Records for Rows {
    fn newest(&self, register: &str) -> Option<Newest> {
        let dated_by = self.1.iter().find(|kind| kind.slug == register)?.dated_by.as_deref()?;
        let rows = self.0.entries.get(register)?.iter();
        let dates = rows.filter_map(|row| row.document.get(dated_by)?.as_str()?.parse().ok());
        Some(Newest {
            on: dates.max(),
            leaf: None,
        })
    }
}

/// Somebody of the sample city who may see every section.
#[must_use]
pub fn viewer(site: &Site) -> Viewer {
    let back = SignedDuration::from_hours(24 * 18);
    Viewer {
        name: "見本 花子".to_owned(),
        section: "情報政策課".to_owned(),
        roles: vec!["general_manager".to_owned(), "section_manager".to_owned()],
        sections: Section::ALL.to_vec(),
        waiting: 3,
        notices: 0,
        last_visit: site.clock().now().saturating_sub(back).ok(),
        csrf: "sample".to_owned(),
    }
}

/// A visit of that viewer.
#[must_use]
pub fn visit(site: &Site, uri: Uri, lang: Lang) -> Visit {
    Visit::new(site, uri, lang, Some(Arc::new(viewer(site))))
}

/// A visit of somebody who is not signed in.
#[must_use]
pub fn guest(site: &Site, uri: Uri, lang: Lang) -> Visit {
    Visit::new(site, uri, lang, None)
}
