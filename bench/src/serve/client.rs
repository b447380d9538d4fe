//! A client that keeps its connections open, as browsers do.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{COOKIE, HOST};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::clock::{Stopwatch, Times};
use crate::stop::{OrStop as _, give_up};

/// An answer that takes longer will not come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whom to ask, and as whom.
#[derive(Debug)]
pub(crate) struct Client {
    runtime: Runtime,
    to: To,
}

#[derive(Debug, Clone)]
struct To {
    address: SocketAddr,
    cookie: Option<String>,
}

impl Client {
    pub(crate) fn to(address: SocketAddr, cookie: Option<&str>) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        Self {
            runtime: runtime.or_stop("a runtime"),
            to: To {
                address,
                cookie: cookie.map(str::to_owned),
            },
        }
    }

    /// Whether there is an answer, and a good one.
    pub(crate) fn answers(&self, path: &str) -> bool {
        self.runtime.block_on(async {
            let asked = timeout(PATIENCE, async {
                let mut connection = self.to.connect().await?;
                self.to.get(&mut connection, path).await
            });
            matches!(asked.await, Ok(Some((StatusCode::OK, _))))
        })
    }

    /// Asks for the paths in turn over one connection; also tells how many bytes the last answer had.
    pub(crate) fn alone(&self, paths: &[String], requests: usize) -> (Times, usize) {
        self.runtime.block_on(async {
            let mut connection = self.to.connect().await.or_stop("connect");
            let mut bytes = 0;
            let mut times = Vec::with_capacity(requests);
            for (number, path) in paths.iter().cycle().take(requests + 10).enumerate() {
                let start = Stopwatch::start();
                bytes = self.to.page(&mut connection, path).await;
                if number >= 10 {
                    times.push(start.milliseconds());
                }
            }
            (Times::of(times), bytes)
        })
    }

    /// Asks for the paths in turn over many connections at once; returns how many answers came, and how many a second.
    pub(crate) fn together(&self, paths: &[String], connections: usize, seconds: f64) -> (f64, f64) {
        let answers = Arc::new(AtomicU64::new(0));
        let paths: Arc<[String]> = paths.into();
        self.runtime.block_on(async {
            let mut open = Vec::with_capacity(connections);
            for _ in 0..connections {
                open.push(self.to.connect().await.or_stop("connect"));
            }
            let start = Stopwatch::start();
            let tasks = open.into_iter().enumerate().map(|(number, mut connection)| {
                let (to, paths, answers) = (self.to.clone(), Arc::clone(&paths), Arc::clone(&answers));
                tokio::spawn(async move {
                    for path in paths.iter().cycle().skip(number * 7) {
                        to.page(&mut connection, path).await;
                        answers.fetch_add(1, Ordering::Relaxed);
                        if start.seconds() >= seconds {
                            return;
                        }
                    }
                })
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.or_stop("a connection");
            }
            let answers = answers.load(Ordering::Relaxed) as f64;
            (answers, answers / start.seconds())
        })
    }
}

impl To {
    async fn connect(&self) -> Option<SendRequest<Empty<Bytes>>> {
        let stream = TcpStream::connect(self.address).await.ok()?;
        stream.set_nodelay(true).ok()?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
        tokio::spawn(connection);
        Some(sender)
    }

    /// The length of a page; anything else than a page ends the run.
    async fn page(&self, connection: &mut SendRequest<Empty<Bytes>>, path: &str) -> usize {
        match timeout(PATIENCE, self.get(connection, path)).await {
            Ok(Some((StatusCode::OK, bytes))) => bytes,
            Ok(other) => give_up(&format!("{path}: {other:?}")),
            Err(_) => give_up(&format!("{path}: no answer within {} s", PATIENCE.as_secs())),
        }
    }

    async fn get(&self, connection: &mut SendRequest<Empty<Bytes>>, path: &str) -> Option<(StatusCode, usize)> {
        let mut request = Request::get(path).header(HOST, self.address.to_string());
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        connection.ready().await.ok()?;
        let response = connection.send_request(request.body(Empty::new()).ok()?).await.ok()?;
        let status = response.status();
        let mut body = response.into_body();
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            bytes += frame.ok()?.data_ref().map_or(0, Bytes::len);
        }
        Some((status, bytes))
    }
}
