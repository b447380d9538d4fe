//! A letter as a message (RFC 5322): plain text in UTF-8, with nothing of the notice but its title and the way to it.

use std::fmt::Write as _;
use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use service::hall::notices::{Letter, Notice};

/// Characters of a subject, at most.
const LONGEST: usize = 120;

/// Who writes.
pub(super) struct Sender {
    from: Mailbox,
    /// The service, as people see it: what links begin with.
    url: String,
    host: String,
}

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritable {
    #[error("the address is none")]
    Address(#[from] lettre::address::AddressError),
    #[error("{0}")]
    Message(#[from] lettre::error::Error),
}

impl Sender {
    pub(super) fn of(from: &str, url: &str) -> Result<Self, lettre::address::AddressError> {
        let host = url.split_once("://").map_or(url, |(_, host)| host);
        let host = host.split(':').next().unwrap_or(host);
        Ok(Self {
            from: from.parse()?,
            url: url.trim_end_matches('/').to_owned(),
            host: host.to_owned(),
        })
    }

    /// The message.
    ///
    /// # Errors
    /// The register holds no address that letters go to.
    pub(super) fn message(&self, letter: &Letter, city: Option<&str>, at: Timestamp) -> Result<Message, Unwritable> {
        let to = Mailbox::new(None, letter.to.parse()?);
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject(&letter.notices))
            .date(SystemTime::from(at))
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .header(Automatic)
            .header(ContentType::TEXT_PLAIN);
        Ok(message.body(self.body(&letter.notices, city))?)
    }

    fn body(&self, notices: &[Notice], city: Option<&str>) -> String {
        let mut body = format!("{}の三門からのお知らせです。\n\n", city.unwrap_or("市"));
        for notice in notices {
            let href = web::href::link(&notice.link);
            let _ = writeln!(body, "{}\n{}{href}\n", one_line(&notice.title.ja), self.url);
        }
        let _ = write!(
            body,
            "――――\nこのメールは自動で送っています。返信しても届きません。\nすべてのお知らせ: {url}{}\nメールの受取り方の変更: {url}{}\n",
            web::href::NOTICES,
            web::href::ACCOUNT,
            url = self.url,
        );
        body
    }
}

fn subject(notices: &[Notice]) -> String {
    let what = match notices {
        [only] => one_line(&only.title.ja),
        several => format!("お知らせが{}件あります", several.len()),
    };
    let what: String = what.chars().take(LONGEST).collect();
    format!("【三門】{what}")
}

/// A title has no line of its own to say: whoever wrote a line break into one writes no header.
fn one_line(title: &str) -> String {
    title
        .chars()
        .map(|letter| {
            if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                letter
            }
        })
        .collect()
}

/// `Auto-Submitted: auto-generated` (RFC 3834): nobody's absence note answers.
#[derive(Clone)]
struct Automatic;

impl Header for Automatic {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use model::lang::Text;
    use service::hall::notices::Link;

    use super::*;

    fn notice(title: &str) -> Notice {
        Notice {
            kind: "waiting".to_owned(),
            title: Text::same(title),
            link: Link::Request("2026-00001".to_owned()),
            at: Timestamp::UNIX_EPOCH,
            read_at: None,
        }
    }

    #[test]
    fn a_title_with_line_breaks_stays_on_its_line() {
        let subject = subject(&[notice("件名\r\nBcc: everybody@example.jp\u{2028}x")]);
        assert_eq!(subject, "【三門】件名  Bcc: everybody@example.jp x");
    }

    #[test]
    fn a_letter_leads_to_the_page_and_says_how_to_end_it() {
        let sender = Sender::of("三門 <sanmon@city.mihon.example>", "https://sanmon.city.mihon.example").unwrap();
        let body = sender.body(
            &[notice("「端末の例外」が承認されました"), notice("二つ目")],
            Some("見本市"),
        );
        assert_eq!(
            body,
            "見本市の三門からのお知らせです。\n\n\
             「端末の例外」が承認されました\nhttps://sanmon.city.mihon.example/requests/2026-00001\n\n\
             二つ目\nhttps://sanmon.city.mihon.example/requests/2026-00001\n\n\
             ――――\nこのメールは自動で送っています。返信しても届きません。\n\
             すべてのお知らせ: https://sanmon.city.mihon.example/notices\n\
             メールの受取り方の変更: https://sanmon.city.mihon.example/account\n"
        );
    }
}
