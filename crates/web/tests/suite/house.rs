//! The pages over a living hall: the sample city on a database of its own, and people who sign in.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::authority::Authority;
use access::seal::KeyRing;
use approval::kind::Kinds;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, HeaderValue, LOCATION};
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use model::clock::FixedClock;
use model::random::SeededRandom;
use service::folder::Folder;
use service::hall::acts::Founding;
use service::hall::entrance::{Entrance, Origin};
use service::hall::notary::{Anchor, Notary};
use service::hall::{Hall, Parts};
use service::sources::Sources;
use store::{Sequencer, Store};
use store_sqlite::Sqlite;
use tempfile::TempDir;
use tower::ServiceExt;

/// A hall with its pages.
pub(crate) struct House {
    pub(crate) hall: Arc<Hall>,
    pub(crate) clock: Arc<FixedClock>,
    router: Router,
    _dir: TempDir,
}

/// Somebody who is signed in.
pub(crate) struct Somebody<'h> {
    house: &'h House,
    pub(crate) person: String,
    cookie: String,
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
        let dir = TempDir::new().unwrap();
        let folder_path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
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
            router: web::hall::serve(Arc::clone(&hall)),
            hall,
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
        }
    }

    /// Signs in as anybody of the sample.
    pub(crate) fn person(&self, person: &str) -> Somebody<'_> {
        let origin = Origin {
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            device: String::new(),
            agent: "test".to_owned(),
        };
        let session = self.hall.sign_in_as_sample(person, &origin).unwrap();
        let cookies = self.hall.entrance().cookies;
        let set = cookies.set(access::session::cookie::Name::Session, &session.text());
        Somebody {
            house: self,
            person: person.to_owned(),
            cookie: set.split(';').next().unwrap().to_owned(),
        }
    }
}

impl Somebody<'_> {
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

    async fn token(&self) -> String {
        let page = self.get("/registers/incident/new").await.text();
        page.split("name=\"csrf\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    }

    async fn ask(&self, mut request: Request<Body>) -> Reply {
        let headers = request.headers_mut();
        headers.insert(COOKIE, HeaderValue::from_str(&self.cookie).unwrap());
        headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        let from: SocketAddr = "127.0.0.1:9".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(from));
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

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
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
