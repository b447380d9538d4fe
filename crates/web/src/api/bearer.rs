//! Who a program acts for.

use access::token::Scope;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use jiff::Timestamp;
use service::hall::Refusal;
use service::hall::acts::token::Bearer;
use service::hall::entrance::sessions::Visitor;

use super::part::ask;
use super::refused::Refused;
use crate::hall::address;
use crate::site::Site;

/// Whoever bears a token that is good.
#[derive(Debug)]
pub(super) struct Caller {
    bearer: Bearer,
    at: Timestamp,
}

impl Caller {
    /// The visitor, as far as the token may be used for this.
    pub(super) fn with(self, scope: Scope) -> Result<Visitor, Refused> {
        self.bearer.admit(scope, self.at)?;
        Ok(self.bearer.visitor)
    }
}

impl FromRequestParts<Site> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refused> {
        let from = address(site.hall()?, &parts.extensions, &parts.headers);
        site.rates().api(from, site.clock().now())?;
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let credentials = header.and_then(|header| header.split_once(' '));
        let token = credentials.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token.trim().to_owned()).ok_or_else(nobody)?;
        let caller = ask(site, move |hall| {
            let bearer = hall.bearer(&token).map_err(|refusal| match refusal {
                Refusal::Denied(why) => Refused::saying(StatusCode::UNAUTHORIZED, why),
                refusal => refusal.into(),
            })?;
            Ok(Self {
                bearer,
                at: hall.clock().now(),
            })
        })
        .await?;
        let token = &caller.bearer.token;
        site.rates().bearer(&token.hash, &token.person, caller.at)?;
        Ok(caller)
    }
}

fn nobody() -> Refused {
    Refused::new(
        StatusCode::UNAUTHORIZED,
        "トークンがありません",
        "there is no token; send it as `Authorization: Bearer …`",
    )
}
