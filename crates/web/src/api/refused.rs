//! Why a program got nothing: a status and what is wrong, each with its field.

use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, ALLOW, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Json, extract::rejection::PathRejection};
use model::lang::{Lang, Text};
use register::Fault;
use serde_json::{Value, json};
use service::hall::Refusal;
use store::Refused as Store;

use crate::failure::Failure;
use crate::rate::Wait;

/// Problem details (RFC 9457), with all that is wrong as `errors`.
const PROBLEM: &str = "application/problem+json";

const TOO_MANY: (&str, &str) = (
    "回数が多すぎます。Retry-Afterの秒数だけ待ってください",
    "too many requests; wait as many seconds as `Retry-After` says",
);

/// A refusal of the API.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    status: StatusCode,
    /// Seconds after which it is worth asking again.
    wait: Option<u64>,
    errors: Vec<Wrong>,
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
struct Wrong {
    field: Option<String>,
    message: Text,
    code: Option<&'static str>,
    cell: Option<String>,
}

impl Refused {
    /// One thing is wrong with the whole.
    pub(super) fn new(status: StatusCode, ja: &'static str, en: &'static str) -> Self {
        Self::saying(status, Text::fixed(ja, en))
    }

    /// One thing is wrong with the whole, said with these words.
    pub(super) fn saying(status: StatusCode, message: Text) -> Self {
        let wrong = Wrong {
            field: None,
            message,
            code: None,
            cell: None,
        };
        Self {
            status,
            wait: None,
            errors: vec![wrong],
        }
    }

    /// One thing is wrong with a parameter.
    pub(super) fn parameter(name: &str, ja: &'static str, en: &'static str) -> Self {
        let mut refused = Self::new(StatusCode::UNPROCESSABLE_ENTITY, ja, en);
        for wrong in &mut refused.errors {
            wrong.field = Some(name.to_owned());
        }
        refused
    }

    /// There is no such thing.
    pub(super) fn not_found() -> Self {
        Refusal::NotFound.into()
    }

    /// The same with another status, where it has this one.
    pub(super) fn instead_of(mut self, status: StatusCode, other: StatusCode) -> Self {
        if self.status == status {
            self.status = other;
        }
        self
    }

    fn of_status(status: StatusCode) -> Option<Self> {
        let (ja, en) = match status {
            StatusCode::NOT_FOUND => return Some(Self::not_found()),
            StatusCode::METHOD_NOT_ALLOWED => ("この操作はここではできません", "this method is not allowed here"),
            StatusCode::PAYLOAD_TOO_LARGE => ("送られた内容が大きすぎます", "the body is too large"),
            StatusCode::TOO_MANY_REQUESTS => TOO_MANY,
            status if status.is_client_error() => ("送られた内容を読み取れません", "what was sent cannot be read"),
            status if status.is_server_error() => (
                "内部で問題が起きました。管理者に知らせてください",
                "something broke here; tell the administrator",
            ),
            _ => return None,
        };
        Some(Self::new(status, ja, en))
    }

    fn body(&self, lang: Lang) -> Value {
        let errors = self.errors.iter().map(|wrong| {
            let mut error = json!({ "field": wrong.field, "message": wrong.message.get(lang) });
            if let Value::Object(error) = &mut error {
                error.extend(wrong.code.map(|code| ("code".to_owned(), code.into())));
                error.extend(wrong.cell.clone().map(|cell| ("cell".to_owned(), cell.into())));
            }
            error
        });
        let first = self.errors.first().map(|wrong| wrong.message.get(lang));
        json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Refused"),
            "status": self.status.as_u16(),
            "detail": first.unwrap_or_default(),
            "errors": errors.collect::<Vec<Value>>(),
        })
    }
}

impl From<Wait> for Refused {
    fn from(Wait(seconds): Wait) -> Self {
        Self {
            wait: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, TOO_MANY.0, TOO_MANY.1)
        }
    }
}

impl From<Vec<Fault>> for Refused {
    fn from(faults: Vec<Fault>) -> Self {
        let taken = faults
            .iter()
            .any(|fault| fault.code == "duplicate-key" && fault.cell.is_none());
        let wrong = |fault: Fault| Wrong {
            field: fault.field,
            message: fault.message,
            code: Some(fault.code),
            cell: fault.cell,
        };
        Self {
            status: if taken {
                StatusCode::CONFLICT
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            },
            wait: None,
            errors: faults.into_iter().map(wrong).collect(),
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::NoCity | Refusal::NotFound => StatusCode::NOT_FOUND,
            Refusal::Denied(_) | Refusal::Reauthenticate => StatusCode::FORBIDDEN,
            Refusal::Faults(_) | Refusal::Problems(_) | Refusal::Rules(_) | Refusal::Request(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Refusal::Store(refused) => of_store(refused),
        };
        match refusal {
            Refusal::Faults(faults) => faults.into(),
            refusal => Self::saying(status, refusal.text()),
        }
    }
}

fn of_store(refused: &Store) -> StatusCode {
    match refused {
        Store::Conflict { .. } | Store::Duplicate { .. } | Store::Unchanged { .. } | Store::NotErasable { .. } => {
            StatusCode::CONFLICT
        }
        Store::Malformed(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Store::ReadOnly(_) | Store::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        Store::Failed(failure) => {
            tracing::error!(%failure, "the store failed");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

impl From<store::Failure> for Refused {
    fn from(failure: store::Failure) -> Self {
        Refusal::from(failure).into()
    }
}

/// The API is not there without a hall.
impl From<Failure> for Refused {
    fn from(_: Failure) -> Self {
        Self::not_found()
    }
}

/// An address that cannot be read names nothing.
impl From<PathRejection> for Refused {
    fn from(_: PathRejection) -> Self {
        Self::not_found()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What stands behind every address that is none.
pub(super) async fn nowhere() -> Refused {
    Refused::not_found()
}

/// Says every refusal, the router's own too, as JSON in the language of the request.
pub(super) async fn speak(request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let mut response = next.run(request).await;
    let status = response.status();
    let refused = response.extensions_mut().remove::<Refused>();
    let Some(refused) = refused.or_else(|| Refused::of_status(status)) else {
        return response;
    };
    let mut said = (refused.status, Json(refused.body(lang))).into_response();
    said.headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
    if let Some(seconds) = refused.wait {
        said.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    for kept in [ALLOW, RETRY_AFTER] {
        if let Some(value) = response.headers_mut().remove(&kept) {
            said.headers_mut().insert(kept, value);
        }
    }
    if refused.status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer realm=\"sanmon\"");
        said.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    }
    said.headers_mut()
        .insert(VARY, HeaderValue::from_static("accept-language"));
    said
}

/// English where the request prefers it to Japanese (RFC 9110, 12.5.4).
pub(super) fn language(headers: &HeaderMap) -> Lang {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let weight = |wanted: &str| {
        let ranges = header.unwrap_or_default().split(',');
        let weights = ranges.filter_map(|range| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let quality = parameters.trim().strip_prefix("q=");
            let quality = quality.map_or(Some(1.0), |quality| quality.trim().parse::<f32>().ok())?;
            primary.eq_ignore_ascii_case(wanted).then_some(quality)
        });
        weights.fold(0.0, f32::max)
    };
    if weight("en") > weight("ja") {
        Lang::En
    } else {
        Lang::Ja
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_spoken_to_whoever_prefers_it() {
        for (header, lang) in [
            ("", Lang::Ja),
            ("ja", Lang::Ja),
            ("en", Lang::En),
            ("en-GB,ja;q=0.5", Lang::En),
            ("ja,en;q=0.9", Lang::Ja),
            ("en;q=x", Lang::Ja),
            ("fr", Lang::Ja),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static(header))]);
            assert_eq!(language(&headers), lang, "{header}");
        }
    }
}
