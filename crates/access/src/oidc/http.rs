//! The HTTP client that the protocol is spoken with: no redirects, a time for everything, and answers of a sane size.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};

use crate::elsewhere::Failure;
use crate::tls;

/// The longest answer that is read, in bytes.
const LONGEST: usize = 1 << 20;

const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(15);

#[derive(Clone)]
pub(super) struct Http(reqwest::Client);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("the request failed")]
    Failed(#[from] reqwest::Error),
    #[error("the answer is too long")]
    TooLong,
    #[error("the answer is not HTTP")]
    NotHttp(#[from] openidconnect::http::Error),
}

type Answer = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send>>;

impl Http {
    pub(super) fn new(authorities: Option<&[u8]>) -> Result<Self, Failure> {
        let client = reqwest::Client::builder()
            // A redirect could lead our secret elsewhere (OpenID Connect providers do not need one).
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .no_proxy()
            .use_preconfigured_tls(tls::client(authorities)?)
            .build();
        client.map(Self).map_err(|_| Failure::Settings)
    }

    /// As `openidconnect` calls it.
    pub(super) fn caller(&self) -> impl Fn(HttpRequest) -> Answer + use<> {
        let client = self.0.clone();
        move |request| Box::pin(answer(client.clone(), request))
    }
}

async fn answer(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let mut response = client.execute(request.try_into()?).await?;
    let mut builder = openidconnect::http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        builder = builder.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LONGEST {
            return Err(NoAnswer::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(builder.body(body)?)
}
