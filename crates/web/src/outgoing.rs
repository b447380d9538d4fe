//! A table that is sent while it is made: of a hundred thousand rows a thousand stand in memory.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use futures_core::Stream;
use model::lang::Lang;
use register::table::{Export, Format};
use register::{Fault, Words};
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};
use store::{Query, Refused};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Rows after which what is ready is sent.
const PART: usize = 1_000;

/// Parts that may wait for a slow reader.
const AHEAD: usize = 2;

/// What somebody takes out.
pub(crate) struct Table {
    pub(crate) visitor: Visitor,
    /// The slug of the register.
    pub(crate) register: String,
    /// Which rows; all of them, whatever part of the list it asks for.
    pub(crate) query: Query,
    pub(crate) format: Format,
    pub(crate) lang: Lang,
}

enum Sent {
    Part(Vec<u8>),
    Refused(Refusal),
    End,
}

impl Table {
    /// The bytes. What is refused is refused before the first of them; what breaks later breaks the connection off, so that
    /// nobody takes a part for the whole.
    pub(crate) async fn send(self, hall: &Arc<Hall>) -> Result<Body, Refusal> {
        let (sender, mut parts) = channel(AHEAD);
        let hall = Arc::clone(hall);
        tokio::task::spawn_blocking(move || {
            let last = match self.write(&hall, &sender) {
                Ok(()) => Sent::End,
                Err(refusal) => Sent::Refused(refusal),
            };
            // A reader who has gone needs no end.
            let _gone = sender.blocking_send(last);
        });
        match parts.recv().await {
            Some(Sent::Part(first)) => Ok(Body::from_stream(Parts {
                first: Some(first),
                rest: Some(parts),
            })),
            Some(Sent::Refused(refusal)) => Err(refusal),
            Some(Sent::End) => Ok(Body::empty()),
            None => Err(Refusal::Store(Refused::Stopped)),
        }
    }

    fn write(self, hall: &Hall, to: &Sender<Sent>) -> Result<(), Refusal> {
        let city = hall.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(&self.register).ok_or(Refusal::NotFound)?;
        let words = hall.with_words(Words::clone)?;
        let mut export = Export::new(kind, &words, self.format, self.lang).map_err(one)?;
        let mut rows = 0_usize;
        hall.take_out(&self.visitor, kind, self.query, &mut |entry| {
            export.push(&entry.document).map_err(one)?;
            rows = rows.saturating_add(1);
            if rows.is_multiple_of(PART) {
                pass(export.take().map_err(one)?, to)?;
            }
            Ok(())
        })?;
        pass(export.finish().map_err(one)?, to)
    }
}

fn pass(bytes: Vec<u8>, to: &Sender<Sent>) -> Result<(), Refusal> {
    if bytes.is_empty() {
        return Ok(());
    }
    let sent = to.blocking_send(Sent::Part(bytes));
    sent.map_err(|_| Refusal::Store(Refused::Stopped))
}

fn one(fault: Box<Fault>) -> Refusal {
    Refusal::Faults(vec![*fault])
}

struct Parts {
    first: Option<Vec<u8>>,
    /// `None` once the end was reached or told.
    rest: Option<Receiver<Sent>>,
}

impl Stream for Parts {
    type Item = io::Result<Vec<u8>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let Some(rest) = &mut self.rest else {
            return Poll::Ready(None);
        };
        let broken = match rest.poll_recv(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Some(Sent::Part(bytes))) => return Poll::Ready(Some(Ok(bytes))),
            Poll::Ready(Some(Sent::End)) => None,
            Poll::Ready(Some(Sent::Refused(refusal))) => Some(refusal.text().en),
            Poll::Ready(None) => Some("the work on it stopped".into()),
        };
        self.rest = None;
        Poll::Ready(broken.map(|why| {
            tracing::error!(%why, "a table was not sent to its end");
            Err(io::Error::other("the table is not complete"))
        }))
    }
}
