//! `/registers/{slug}/{key}/retire` and `…/restore`: a question, then the act.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use model::lang::Text;
use register::Kind;
use service::hall::rights::Verb;
use store::Entry;

use super::detail::title;
use super::with_kind;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::href;
use crate::notice::{self, Notice};
use crate::page::Page;
use crate::pages::confirm::Confirm;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::visit::Visit;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Retire,
    Restore,
}

async fn ask_retire(
    site: State<Site>,
    who: Who,
    visit: Visit,
    path: Path<(String, String)>,
) -> Result<Response, Failure> {
    ask(Turn::Retire, site, who, visit, path).await
}

async fn ask_restore(
    site: State<Site>,
    who: Who,
    visit: Visit,
    path: Path<(String, String)>,
) -> Result<Response, Failure> {
    ask(Turn::Restore, site, who, visit, path).await
}

async fn ask(
    turn: Turn,
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path((slug, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let page = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let entry = hall.readable(&visitor, kind, &key)?;
            hall.allow(&visitor, Verb::Retire, &hall.entry_resource(kind, &entry.document))?;
            Ok(question(turn, &visit, kind, &entry))
        })
    });
    Ok(page.await?.show())
}

fn question(turn: Turn, visit: &Visit, kind: &Kind, entry: &Entry) -> Confirm {
    let (label, name) = (&kind.label, title(entry));
    let (act, word) = match turn {
        Turn::Retire => (Text::fixed("廃止する", "Retire"), "retire"),
        Turn::Restore => (Text::fixed("使用中に戻す", "Take into use again"), "restore"),
    };
    let (question, consequence) = match turn {
        Turn::Retire => (
            Text::new(
                format!("台帳「{}」の {name} を廃止しますか。", label.ja),
                format!("Retire {name} of {}?", label.en),
            ),
            Text::fixed(
                "一覧と判断の対象から外れます。記録と履歴は残り、あとから使用中に戻せます。使用中のほかの行が参照しているときは、廃止できません。",
                "It leaves the list and is no longer judged. Its record and history remain, and it can be taken into use again. A row that others in use refer to cannot be retired.",
            ),
        ),
        Turn::Restore => (
            Text::new(
                format!("台帳「{}」の {name} を使用中に戻しますか。", label.ja),
                format!("Take {name} of {} into use again?", label.en),
            ),
            Text::fixed(
                "一覧と判断の対象に戻ります。",
                "It comes back to the list and is judged again.",
            ),
        ),
    };
    Confirm {
        frame: super::frame_of_row(visit, act.clone(), kind, &entry.key),
        question,
        consequence,
        action: href::of_entry(&kind.slug, &entry.key, word),
        fields: vec![("version".to_owned(), entry.version.to_string())],
        asks_reason: true,
        yes: act,
        is_grave: turn == Turn::Retire,
        no: href::entry(&kind.slug, &entry.key),
    }
}

async fn retire(site: State<Site>, who: Who, path: Path<(String, String)>, sent: Sent) -> Result<Response, Failure> {
    answer(Turn::Retire, site, who, path, &sent).await
}

async fn restore(site: State<Site>, who: Who, path: Path<(String, String)>, sent: Sent) -> Result<Response, Failure> {
    answer(Turn::Restore, site, who, path, &sent).await
}

async fn answer(
    turn: Turn,
    State(site): State<Site>,
    Who(visitor): Who,
    Path((slug, key)): Path<(String, String)>,
    sent: &Sent,
) -> Result<Response, Failure> {
    let seen = sent.value("version").parse().unwrap_or_default();
    let there = href::entry(&slug, &key);
    let reason = sent.value("reason").to_owned();
    blocking(&site, move |hall| {
        let row = (key.as_str(), seen);
        match turn {
            Turn::Retire => hall.retire(&visitor, &slug, row, Some(&reason)),
            Turn::Restore => hall.restore(&visitor, &slug, row, Some(&reason)),
        }
    })
    .await?;
    Ok(notice::see(
        &there,
        if turn == Turn::Retire {
            Notice::Retired
        } else {
            Notice::Restored
        },
    ))
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/registers/{slug}/{key}/retire", get(ask_retire).post(retire))
        .route("/registers/{slug}/{key}/restore", get(ask_restore).post(restore))
}
