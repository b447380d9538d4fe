//! Letters go out: what the hall has for the mail server is written as a message and handed over.
//!
//! The log never holds an address or a subject; a letter is named by its id.

mod message;

use std::fs;
use std::io;
use std::time::Duration;

use lettre::Transport as _;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{Error, SmtpTransport};
use service::hall::notices::{Attempt, Outbox};
use service::hall::{Hall, Refusal};

use self::message::Sender;
use crate::configuration::{Encryption, Mail};
use crate::installation::machine;
use crate::serve::Stopped;

/// The longest that the mail server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who hands letters to the mail server.
pub(super) struct Post {
    transport: SmtpTransport,
    sender: Sender,
}

impl Post {
    /// As the configuration says; `None` where it names no server.
    ///
    /// # Errors
    /// A file that it names cannot be read or used.
    pub(super) fn of(mail: &Mail, url: &str) -> Result<Option<Self>, Stopped> {
        let Some(server) = &mail.server else { return Ok(None) };
        let builder = SmtpTransport::builder_dangerous(server.as_str())
            .port(mail.port)
            .timeout(Some(PATIENCE))
            .tls(tls(mail, server)?);
        let builder = match (&mail.user, &mail.password_file) {
            (Some(user), Some(path)) => {
                let password = fs::read_to_string(path).map_err(machine("mail.password_file"))?;
                let password = password.trim_end_matches(['\r', '\n']).to_owned();
                builder.credentials(Credentials::new(user.clone(), password))
            }
            _ => builder,
        };
        let sender = Sender::of(&mail.from, url).map_err(|error| Stopped::Machine(format!("mail.from: {error}")))?;
        Ok(Some(Self {
            transport: builder.build(),
            sender,
        }))
    }

    /// Sends everything that is due; how much the server took.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn deliver(&self, hall: &Hall) -> Result<usize, Refusal> {
        let city = hall.city().map(|city| city.settings.name.ja.to_string());
        let (mut sent, mut is_down) = (0, false);
        for letter in hall.due_letters()? {
            let attempt = match self.sender.message(&letter, city.as_deref(), hall.clock().now()) {
                // A server that is down is not asked once a letter.
                Ok(_) if is_down => Attempt::Later,
                Ok(message) => match self.transport.send(&message) {
                    Ok(_) => Attempt::Sent,
                    Err(error) => {
                        let status = error.status().map(u16::from);
                        tracing::warn!(
                            letter = letter.id,
                            status,
                            tls = error.is_tls(),
                            "a letter was not sent"
                        );
                        is_down = status.is_none();
                        attempt(status)
                    }
                },
                Err(error) => {
                    tracing::warn!(letter = letter.id, %error, "a letter cannot be written");
                    Attempt::Refused
                }
            };
            sent += usize::from(attempt == Attempt::Sent);
            hall.settle_letter(&letter, &attempt)?;
        }
        Ok(sent)
    }
}

/// When the installation sends mail, for the hall.
pub(super) fn outbox(mail: &Mail) -> Outbox {
    Outbox {
        unless_chosen: mail.unless_chosen.into(),
        digest_hour: mail.daily_hour,
    }
}

/// The server refuses for good only what it says of the recipient; whatever else is wrong can be put right.
fn attempt(status: Option<u16>) -> Attempt {
    match status {
        Some(550..=553) => Attempt::Refused,
        _ => Attempt::Later,
    }
}

fn tls(mail: &Mail, server: &str) -> Result<Tls, Stopped> {
    if mail.encryption == Encryption::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(server.to_owned());
    if let Some(path) = &mail.authority {
        let pem = fs::read(path).map_err(machine("mail.authority"))?;
        let unusable = |error: Error| machine("mail.authority")(io::Error::other(error));
        let certificate = Certificate::from_pem(&pem).map_err(unusable)?;
        parameters = parameters.add_root_certificate(certificate);
    }
    let parameters = parameters
        .build_rustls()
        .map_err(|error| Stopped::Machine(format!("mail.encryption: {error}")))?;
    Ok(match mail.encryption {
        Encryption::Tls => Tls::Wrapper(parameters),
        Encryption::Starttls | Encryption::None => Tls::Required(parameters),
    })
}
