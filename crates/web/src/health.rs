//! `/health/live`, `/health/ready` and `/metrics`: for those who watch the service, without anything about anybody.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use policy::judge::Standing;
use service::hall::operation::{Operation, Outcome};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::site::Site;

/// Answers so far, by the first digit of their status.
static ANSWERS: [AtomicU64; 6] = [const { AtomicU64::new(0) }; 6];

/// Counts answers.
pub async fn count(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let class = usize::from(response.status().as_u16() / 100);
    if let Some(counter) = ANSWERS.get(class) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    response
}

/// The process answers.
async fn live() -> &'static str {
    "live\n"
}

/// The database answers.
async fn ready(State(site): State<Site>) -> Response {
    let head = blocking(&site, |hall| Ok(hall.store().head().map(drop)?)).await;
    match head {
        Ok(()) => (StatusCode::OK, "ready\n").into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// Figures in the text format of Prometheus; for this machine only, since they tell how the city stands.
async fn metrics(
    State(site): State<Site>,
    ConnectInfo(connected): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Failure> {
    // A proxy on this machine speaks for others.
    let through = ["x-forwarded-for", "forwarded"]
        .iter()
        .any(|name| request.headers().contains_key(*name));
    if !connected.ip().is_loopback() || through {
        return Err(Failure::NotFound);
    }
    let (size, signed, standings, operation, now) = blocking(&site, |hall| {
        let size = hall.store().head()?.edge.size();
        let signed = hall.notary().signed().map_or(0, |signed| signed.size);
        let summary = hall.snapshot().map(|snapshot| snapshot.summary).unwrap_or_default();
        Ok((
            size,
            signed,
            Standing::ALL.map(|standing| (standing, summary.count(standing))),
            hall.operation()?,
            hall.clock().now(),
        ))
    })
    .await?;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# HELP sanmon_http_responses_total Answers by the first digit of their status."
    );
    let _ = writeln!(text, "# TYPE sanmon_http_responses_total counter");
    for (class, counter) in ANSWERS.iter().enumerate().skip(1) {
        let count = counter.load(Ordering::Relaxed);
        let _ = writeln!(text, "sanmon_http_responses_total{{class=\"{class}xx\"}} {count}");
    }
    let _ = writeln!(text, "# HELP sanmon_ledger_entries Ledger entries in the database.");
    let _ = writeln!(text, "# TYPE sanmon_ledger_entries gauge\nsanmon_ledger_entries {size}");
    let _ = writeln!(
        text,
        "# HELP sanmon_ledger_signed_entries Ledger entries under the last signed checkpoint."
    );
    let _ = writeln!(
        text,
        "# TYPE sanmon_ledger_signed_entries gauge\nsanmon_ledger_signed_entries {signed}"
    );
    let _ = writeln!(
        text,
        "# HELP sanmon_duties Duties by their standing.\n# TYPE sanmon_duties gauge"
    );
    for (standing, count) in standings {
        let word = serde_json::to_value(standing).unwrap_or_default();
        let word = word.as_str().unwrap_or_default();
        let _ = writeln!(text, "sanmon_duties{{standing=\"{word}\"}} {count}");
    }
    text.push_str(&operated(&operation, now));
    let headers = [
        (CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

/// How the jobs fare. A figure that is not there yet is left out: an alert on an old backup also asks whether there is one.
fn operated(operation: &Operation, now: Timestamp) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: i64| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    };
    let letters = i64::try_from(operation.letters).unwrap_or(i64::MAX);
    gauge("sanmon_mail_waiting", "Letters that wait for the mail server.", letters);
    if let Some(backup) = operation.backup {
        let is_sound = matches!(backup.outcome, Outcome::Sound { .. });
        gauge(
            "sanmon_backup_sound",
            "Whether the last backup was made, restored and verified.",
            i64::from(is_sound),
        );
        let age = now.duration_since(backup.at).as_secs();
        gauge(
            "sanmon_backup_age_seconds",
            "Seconds since the last backup was tried.",
            age,
        );
    }
    if let Some(witnessed) = operation.witnessed.first() {
        let size = i64::try_from(witnessed.size).unwrap_or(i64::MAX);
        gauge(
            "sanmon_ledger_cosigned_entries",
            "Ledger entries under the last checkpoint that a witness cosigned.",
            size,
        );
    }
    text
}

/// What watchers ask.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
}
