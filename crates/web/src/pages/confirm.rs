//! A question before an act that is not easily undone. A page of its own, so that it works without the script.

use askama::Template;
use axum::Router;
use axum::http::Uri;
use model::lang::{Lang, Text};

use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::site::Site;

/// The page; whoever asks makes one.
#[derive(Template)]
#[template(path = "page/confirm.html")]
pub struct Confirm {
    /// Its title is the act.
    pub frame: Frame,
    /// この行を廃止しますか。
    pub question: Text,
    /// What follows from it.
    pub consequence: Text,
    /// Where the answer is sent.
    pub action: String,
    /// What is sent with it.
    pub fields: Vec<(String, String)>,
    /// Whether it asks why, under the name `reason`.
    pub asks_reason: bool,
    /// The words on the button: the act again, never just "OK".
    pub yes: Text,
    /// Whether it takes something away.
    pub is_grave: bool,
    /// Where to go instead.
    pub no: String,
}

impl Page for Confirm {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/registers/terminal/T-0001/retire"), lang);
    let page = Confirm {
        frame: visit
            .frame(Text::fixed("端末を廃止する", "Retire a terminal"), Section::Registers)
            .crumb(Section::Registers.label(), Section::Registers.href()),
        question: Text::fixed("端末 T-0001 を廃止しますか。", "Retire terminal T-0001?"),
        consequence: Text::fixed(
            "台帳の一覧と判断の対象から外れます。記録は残り、あとから見ることができます。",
            "It leaves the list and is no longer judged. Its record remains and can be looked at.",
        ),
        action: "/registers/terminal/T-0001/retire".to_owned(),
        fields: vec![("version".to_owned(), "3".to_owned())],
        asks_reason: true,
        yes: Text::fixed("廃止する", "Retire"),
        is_grave: true,
        no: href::entry("terminal", "T-0001"),
    };
    vec![Sample::of("confirm", &page)]
}
