//! What one takes away from the ledger: checkpoints, keys, proofs.

use access::authority::Resource;
use axum::body::Body;
use axum::extract::{Path, State as Of};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use service::hall::Refusal;
use service::hall::rights::Verb;

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::sent::Who;
use crate::site::Site;

pub(super) async fn checkpoint(Of(site): Of<Site>, Who(visitor): Who) -> Result<Response, Failure> {
    let text = blocking(&site, move |hall| {
        hall.permit(&visitor, Verb::Prove, &Resource::Ledger)?;
        hall.notary().checkpoint().ok_or(Refusal::NotFound)
    });
    Ok(file("checkpoint", PLAIN, text.await?))
}

pub(super) async fn keys(Of(site): Of<Site>, Who(visitor): Who) -> Result<Response, Failure> {
    let text = blocking(&site, move |hall| {
        hall.permit(&visitor, Verb::Prove, &Resource::Ledger)?;
        let keys: Vec<String> = hall.notary().keys().map(|key| format!("{key}\n")).collect();
        Ok(keys.concat())
    });
    Ok(file("keys.txt", PLAIN, text.await?))
}

pub(super) async fn proof(Of(site): Of<Site>, Who(visitor): Who, Path(index): Path<u64>) -> Result<Response, Failure> {
    let text = blocking(&site, move |hall| {
        hall.permit(&visitor, Verb::Prove, &Resource::Ledger)?;
        Ok(hall.proof(index)?.to_string())
    });
    Ok(file(&format!("{index}.tlog-proof"), PLAIN, text.await?))
}

/// The entry byte for byte: what a proof is of.
pub(super) async fn bytes(Of(site): Of<Site>, Who(visitor): Who, Path(index): Path<u64>) -> Result<Response, Failure> {
    let leaf = blocking(&site, move |hall| {
        hall.permit(&visitor, Verb::Prove, &Resource::Ledger)?;
        hall.store().leaf(index)?.ok_or(Refusal::NotFound)
    });
    Ok(file(
        &format!("{index}.entry"),
        "application/octet-stream",
        leaf.await?.bytes,
    ))
}

pub(super) async fn disclosure(
    Of(site): Of<Site>,
    Who(visitor): Who,
    Path(index): Path<u64>,
) -> Result<Response, Failure> {
    let text = blocking(&site, move |hall| {
        hall.permit(&visitor, Verb::Disclose, &Resource::Ledger)?;
        let readable = match hall.store().record_of(index)? {
            Some(changed) => hall.may_read_record(&visitor, &changed.register, &changed.key),
            None => visitor.is_administrator(),
        };
        if !readable {
            return Err(Refusal::NotFound);
        }
        Ok(hall.disclose(index, |_| true)?.to_json())
    });
    Ok(file(
        &format!("{index}.disclosure.json"),
        "application/json",
        text.await?,
    ))
}

const PLAIN: &str = "text/plain; charset=utf-8";

/// A file to keep. Its name is ours and holds no quote.
fn file(name: &str, kind: &'static str, content: impl Into<Body>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    (
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)],
        content.into(),
    )
        .into_response()
}
