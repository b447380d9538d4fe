//! A browser without a screen: cookies, redirects, forms.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Method, Url};

/// Somebody's browser.
pub(super) struct Browser {
    /// Where the service is.
    home: Url,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    cookies: BTreeMap<String, String>,
    /// How the pages that it shows are called, where that is not the address that it connects to.
    pub(super) origin: Option<String>,
    /// Headers that a proxy would add.
    pub(super) told: Vec<(&'static str, String)>,
}

/// A page, at the end of redirects.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) url: Url,
    pub(super) status: u16,
    pub(super) body: String,
    /// `Set-Cookie` headers of the last answer.
    pub(super) set: Vec<String>,
    pub(super) headers: reqwest::header::HeaderMap,
}

impl Browser {
    pub(super) fn new(home: &str) -> Self {
        Self {
            home: Url::parse(home).unwrap(),
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .build()
                .unwrap(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            cookies: BTreeMap::new(),
            origin: None,
            told: Vec::new(),
        }
    }

    /// Opens an address, ours or another, and follows where it leads.
    pub(super) fn open(&mut self, address: &str) -> Page {
        let url = self.home.join(address).unwrap();
        self.follow(Method::GET, url, None, |_| false)
    }

    /// Sends a form of a page.
    pub(super) fn send(&mut self, page: &Page, action: &str, pairs: &[(&str, &str)]) -> Page {
        self.send_until(page, action, pairs, "-")
    }

    /// As [`Browser::send`], but stops before it follows to an address that begins so.
    pub(super) fn send_until(&mut self, page: &Page, action: &str, pairs: &[(&str, &str)], stop: &str) -> Page {
        let url = page.url.join(action).unwrap();
        let csrf = page.hidden("csrf");
        let pairs = pairs.iter().copied().chain(csrf.as_deref().map(|csrf| ("csrf", csrf)));
        let mut form = Url::parse("x:").unwrap();
        form.query_pairs_mut().extend_pairs(pairs);
        let body = form.query().unwrap().to_owned();
        self.follow(Method::POST, url, Some(body), |url| url.as_str().starts_with(stop))
    }

    fn follow(&mut self, method: Method, mut url: Url, body: Option<String>, stop: impl Fn(&Url) -> bool) -> Page {
        let mut request = self.http.request(method, url.clone());
        if let Some(body) = body {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body);
        }
        for _ in 0..20 {
            let page = self.ask(request, url.clone());
            let Some(next) = page.headers.get(LOCATION) else {
                return page;
            };
            url = url.join(next.to_str().unwrap()).unwrap();
            if stop(&url) {
                return Page { url, ..page };
            }
            request = self.http.get(url.clone());
        }
        panic!("{url} leads in a circle");
    }

    fn ask(&mut self, mut request: reqwest::RequestBuilder, url: Url) -> Page {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let origin = self
            .origin
            .clone()
            .unwrap_or_else(|| url.origin().ascii_serialization());
        request = request
            .header(COOKIE, cookies.collect::<Vec<_>>().join("; "))
            .header(ORIGIN, origin)
            .header("accept-language", "ja");
        for (name, value) in &self.told {
            request = request.header(*name, value);
        }
        let (answer, body) = self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let head = (answer.status(), answer.headers().clone());
            (head, answer.text().await.unwrap())
        });
        let (status, headers) = answer;
        let set = headers.get_all(SET_COOKIE).iter();
        let set: Vec<String> = set.map(|set| set.to_str().unwrap().to_owned()).collect();
        for set in &set {
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if set.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Page {
            url,
            status: status.as_u16(),
            body,
            set,
            headers,
        }
    }
}

impl Page {
    /// The value of a hidden field.
    pub(super) fn hidden(&self, name: &str) -> Option<String> {
        let rest = self.body.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
        Some(rest.split('"').next()?.to_owned())
    }

    pub(super) fn says(&self, words: &str) -> bool {
        self.body.contains(words)
    }

    pub(super) fn path(&self) -> &str {
        self.url.path()
    }
}
