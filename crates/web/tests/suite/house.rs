//! The pages over a living hall: the sample city on a database of its own, and people who sign in.

use std::cell::OnceCell;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use access::authority::Authority;
use access::seal::KeyRing;
use approval::kind::Kinds;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderValue, IF_MATCH, LOCATION};
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use model::clock::FixedClock;
use model::random::SeededRandom;
use serde_json::Value;
use service::folder::Folder;
use service::hall::acts::Founding;
use service::hall::entrance::sessions::{Seen, Visitor};
use service::hall::entrance::{Entrance, Origin};
use service::hall::notary::{Anchor, Notary};
use service::hall::{Hall, Parts};
use service::sources::Sources;
use store::{Sequencer, Store};
use store_sqlite::Sqlite;
use tempfile::TempDir;
use tower::ServiceExt;
use web::rate::{Limits, Line};

/// A hall with its pages.
pub(crate) struct House {
    pub(crate) hall: Arc<Hall>,
    pub(crate) clock: Arc<FixedClock>,
    /// Every request so far: its method and its path.
    pub(crate) asked: Mutex<Vec<(Method, String)>>,
    router: Router,
    _dir: TempDir,
}

/// Somebody who is signed in.
pub(crate) struct Somebody<'h> {
    house: &'h House,
    pub(crate) person: String,
    cookie: String,
    token: OnceCell<String>,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) bytes: Vec<u8>,
}

impl House {
    /// The hall of the sample city.
    pub(crate) fn sample() -> Self {
        Self::of("../../sample")
    }

    /// The hall of a small town where everybody holds one role, or none.
    pub(crate) fn town() -> Self {
        Self::of("tests/city")
    }

    fn of(folder: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let folder_path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let folder = Folder::read(&folder_path, None, &mut |_| {}).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let sources = Sources::of_folder(&folder_path, None).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let clock = Arc::new(FixedClock::new("2026-11-23T01:00:00Z".parse().unwrap()));
        let hall = Arc::new(open(&dir, Arc::clone(&clock)));
        let founding = Founding {
            sources: &sources,
            folder: &folder,
        };
        hall.found(None, &founding, &mut |_, _| {}).unwrap();
        Self {
            // The time stands still here, and no bucket fills again.
            router: web::hall::serve_within(Arc::clone(&hall), unlimited()),
            hall,
            asked: Mutex::default(),
            clock,
            _dir: dir,
        }
    }

    /// Signs in as the sample's holder of a role.
    pub(crate) fn somebody(&self, role: &str) -> Somebody<'_> {
        let people = self.hall.sample_people();
        let person = people.into_iter().find(|person| person.role.en == role).unwrap().person;
        self.person(&person)
    }

    /// Somebody without a session.
    pub(crate) fn nobody(&self) -> Somebody<'_> {
        Somebody {
            house: self,
            person: String::new(),
            cookie: String::new(),
            token: OnceCell::new(),
        }
    }

    /// The router, as it says itself.
    pub(crate) fn router(&self) -> String {
        format!("{:?}", self.router)
    }

    /// Makes somebody of the register the first administrator, by the link of the first start.
    pub(crate) fn administrator(&self, person: &str) {
        let link = self.hall.first_link().unwrap().unwrap();
        self.hall.use_link(&link.text(), Some(person), &origin()).unwrap();
    }

    /// Signs in as anybody of the sample.
    pub(crate) fn person(&self, person: &str) -> Somebody<'_> {
        let session = self.hall.sign_in_as_sample(person, &origin()).unwrap();
        let cookies = self.hall.entrance().cookies;
        let set = cookies.set(access::session::cookie::Name::Session, &session.text());
        Somebody {
            house: self,
            person: person.to_owned(),
            cookie: set.split(';').next().unwrap().to_owned(),
            token: OnceCell::new(),
        }
    }
}

fn unlimited() -> Limits {
    let line = Line {
        burst: 1_000_000,
        ..Limits::shipped().open
    };
    Limits {
        token: line,
        account: line,
        source: line,
        open: line,
    }
}

fn origin() -> Origin {
    Origin {
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        device: String::new(),
        agent: "test".to_owned(),
    }
}

impl Somebody<'_> {
    /// Themselves, as the hall knows them; `None` for whoever is not signed in.
    pub(crate) fn visitor(&self) -> Option<Visitor> {
        let (_, session) = self.cookie.split_once('=')?;
        match self.house.hall.seen(Some(session)).unwrap() {
            Seen::Visitor(visitor) => Some(*visitor),
            _ => None,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends the pairs as a form, with the token of the page at `from`.
    pub(crate) async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Reply {
        let token = self.token().await;
        let pairs = std::iter::once(("csrf", token.as_str())).chain(pairs.iter().copied());
        let body: Vec<String> = pairs
            .map(|(name, value)| format!("{}={}", web::href::segment(name), web::href::segment(value)))
            .collect();
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body.join("&"))).unwrap()).await
    }

    /// Presses the button of a page that stands before the sign-in.
    pub(crate) async fn press(&self, path: &str) -> Reply {
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a file as a form does.
    pub(crate) async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Reply {
        self.upload_with(path, &[], (name, bytes)).await
    }

    /// Sends a file as a form with other fields does.
    pub(crate) async fn upload_with(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Reply {
        let token = self.token().await;
        let (name, bytes) = file;
        let fields = [("csrf", token.as_str())].into_iter().chain(fields.iter().copied());
        let fields: String = fields
            .map(|(name, value)| format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
            .collect();
        let head = format!(
            "{fields}--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: \
             application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
        let request = Request::post(path).header(CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    /// The token of a page's form; whoever is not signed in has none.
    async fn token(&self) -> String {
        if let Some(token) = self.token.get() {
            return token.clone();
        }
        if self.cookie.is_empty() {
            return String::new();
        }
        let token = self.get("/registers/incident/new").await.hidden("csrf");
        self.token.get_or_init(|| token).clone()
    }

    async fn ask(&self, mut request: Request<Body>) -> Reply {
        let headers = request.headers_mut();
        headers.insert(COOKIE, HeaderValue::from_str(&self.cookie).unwrap());
        headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        let from: SocketAddr = "127.0.0.1:9".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(from));
        let asked = (request.method().clone(), request.uri().path().to_owned());
        self.house.asked.lock().unwrap().push(asked);
        let response = self.house.router.clone().oneshot(request).await.unwrap();
        let location = response
            .headers()
            .get(LOCATION)
            .map(|to| to.to_str().unwrap().to_owned());
        Reply {
            status: response.status(),
            location: location.unwrap_or_default(),
            bytes: response.into_body().collect().await.unwrap().to_bytes().to_vec(),
        }
    }
}

/// A program at the API.
pub(crate) struct Program<'h> {
    nobody: Somebody<'h>,
    token: Option<String>,
}

impl<'h> Program<'h> {
    /// A program with a token, or without one.
    pub(crate) fn of(house: &'h House, token: Option<String>) -> Self {
        Self {
            nobody: house.nobody(),
            token,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, String) {
        self.ask(Request::get(path), String::new()).await
    }

    /// Sends JSON for the version that was seen.
    pub(crate) async fn json(
        &self,
        method: &str,
        path: &str,
        seen: Option<String>,
        body: &Value,
    ) -> (StatusCode, String) {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(CONTENT_TYPE, "application/json");
        let request = match seen {
            Some(seen) => request.header(IF_MATCH, seen),
            None => request,
        };
        self.ask(request, body.to_string()).await
    }

    /// Sends a table.
    pub(crate) async fn csv(&self, path: &str, table: &str) -> (StatusCode, String) {
        let request = Request::post(path).header(CONTENT_TYPE, "text/csv");
        self.ask(request, table.to_owned()).await
    }

    async fn ask(&self, request: axum::http::request::Builder, body: String) -> (StatusCode, String) {
        let request = match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        };
        let request = request.header(ACCEPT_LANGUAGE, "en").body(Body::from(body)).unwrap();
        let reply = self.nobody.ask(request).await;
        (reply.status, reply.text())
    }
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// Where the list goes on.
    pub(crate) fn next_page(&self) -> String {
        let text = self.text();
        let before = text.split("rel=\"next\"").next().unwrap();
        let href = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        href.replace("&#38;", "&").replace("&amp;", "&")
    }

    /// The value of the hidden field of that name.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let found = text.split(&format!("name=\"{name}\" value=\"")).nth(1);
        found
            .unwrap_or_else(|| panic!("no `{name}` in {text}"))
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    }
}

fn open(dir: &TempDir, clock: Arc<FixedClock>) -> Hall {
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&dir.path().join("sanmon.db")).unwrap());
    store.migrate().unwrap();
    let random = Arc::new(SeededRandom::new(7));
    let sequencer = Sequencer::start(Arc::clone(&store), clock.clone(), random.clone()).unwrap();
    let mut entrance = Entrance::at("http://localhost:8080", "三門", KeyRing::from_bytes(&[7; 32]).unwrap()).unwrap();
    entrance.is_sample = true;
    Hall::open(Parts {
        entrance,
        store,
        sequencer,
        clock,
        random,
        request_kinds: Kinds::shipped().unwrap(),
        authority: Authority::shipped().unwrap(),
        notary: Notary::new(
            "mihon.example/ledger",
            &[9; 32],
            Box::new(Beside(dir.path().join("checkpoint"))),
        )
        .unwrap(),
    })
    .unwrap_or_else(|error| panic!("{error:#?}"))
}

/// The checkpoint in a file beside the database.
struct Beside(PathBuf);

impl Anchor for Beside {
    fn load(&self) -> std::io::Result<Option<String>> {
        Ok(std::fs::read_to_string(&self.0).ok())
    }

    #[expect(clippy::disallowed_methods, reason = "a test keeps its own files")]
    fn save(&self, checkpoint: &str) -> std::io::Result<()> {
        std::fs::write(&self.0, checkpoint)
    }
}
