//! One visit: the language, the visitor, the address. Every handler takes a [`Visit`] and makes its [`Frame`] from it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::Response;
use model::lang::{Lang, Text};

use crate::failure;
use crate::frame::{Frame, Section, Viewer};
use crate::lang;
use crate::notice::{self, Notice};
use crate::site::Site;

/// What is known of a request before its page is made.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The language that the visitor reads.
    pub lang: Lang,
    /// Who it is, once signed in.
    pub viewer: Option<Arc<Viewer>>,
    /// The address.
    pub uri: Uri,
    notice: Option<Notice>,
    city: Text,
}

impl Visit {
    /// A visit to `uri`; tests and samples make theirs with this.
    #[must_use]
    pub fn new(site: &Site, uri: Uri, lang: Lang, viewer: Option<Arc<Viewer>>) -> Self {
        Self {
            lang,
            viewer,
            uri,
            notice: None,
            city: site.city(),
        }
    }

    fn of(site: &Site, uri: &Uri, headers: &HeaderMap, viewer: Option<Arc<Viewer>>) -> Self {
        let lang = lang::of(uri, headers);
        Self {
            notice: notice::carried(headers),
            ..Self::new(site, uri.clone(), lang, viewer)
        }
    }

    /// The frame of a page called `title`.
    #[must_use]
    pub fn frame(&self, title: Text, here: impl Into<Option<Section>>) -> Frame {
        Frame {
            lang: self.lang,
            city: self.city.clone(),
            title,
            here: here.into(),
            crumbs: Vec::new(),
            viewer: self.viewer.clone(),
            notice: self.notice,
            token: self
                .viewer
                .as_ref()
                .map(|viewer| viewer.csrf.clone())
                .unwrap_or_default(),
            switch: lang::address(&self.uri, lang::other(self.lang)),
        }
    }

    /// The national codes of the roles that the visitor holds.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        self.viewer.as_ref().map_or(&[], |viewer| viewer.roles.as_slice())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Self>().cloned();
        // Without the layer (a router of one page in a test) a visit is in the language that the request asks for.
        Ok(known.unwrap_or_else(|| Self {
            lang: lang::of(&parts.uri, &parts.headers),
            viewer: None,
            uri: parts.uri.clone(),
            notice: None,
            city: Text::default(),
        }))
    }
}

/// Makes the visit of each request; shows what failed as a page; remembers a chosen language; forgets a notice once shown.
///
/// The layer that knows sessions stands outside this one and leaves an `Arc<Viewer>` in the request.
pub async fn layer(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let viewer = request.extensions().get::<Arc<Viewer>>().cloned();
    let visit = Visit::of(&site, request.uri(), request.headers(), viewer);
    let asked = lang::asked(request.uri());
    request.extensions_mut().insert(visit.clone());
    let response = next.run(request).await;
    let is_page = failure::is_page(&response);
    let mut response = failure::show(&visit, response);
    if let Some(lang) = asked {
        response.headers_mut().append(SET_COOKIE, lang::remember(lang));
    }
    if visit.notice.is_some() && is_page {
        response.headers_mut().append(SET_COOKIE, notice::forget());
    }
    response
}
