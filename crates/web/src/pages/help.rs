//! `/help`: how to read and use all this, in plain administrative Japanese.
//!
//! To add a topic: two texts in `templates/help/` (`NAME.ja.html`, `NAME.en.html`) and a line in the list.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};

use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::site::Site;
use crate::visit::Visit;

/// A page of the help.
#[derive(Debug, PartialEq, Eq)]
struct Topic {
    slug: &'static str,
    title: Text,
    /// What it answers, in a line.
    about: Text,
    ja: &'static str,
    en: &'static str,
}

macro_rules! topics {
    ($($slug:literal $title_ja:literal $title_en:literal $about_ja:literal $about_en:literal)*) => {
        /// In the order of the contents.
        static TOPICS: &[Topic] = &[$(Topic {
            slug: $slug,
            title: Text::fixed($title_ja, $title_en),
            about: Text::fixed($about_ja, $about_en),
            ja: include_str!(concat!("../../templates/help/", $slug, ".ja.html")),
            en: include_str!(concat!("../../templates/help/", $slug, ".en.html")),
        }),*];
    };
}

topics! {
    "standings"
        "状況の見方" "How to read the standings"
        "○×?◇―は何を表すか、だれが決めているか" "What ○ × ? ◇ ― mean, and who decides"
    "findings"
        "指摘を直す" "Put a finding right"
        "何が、どこで、いつから破れているかを読み、台帳を直す" "What is broken, where, since when, and how to correct the register"
    "registers"
        "台帳に登録する・直す" "Keep the registers"
        "一件ずつの登録、表計算ソフトからのまとめての登録、廃止" "One at a time, in bulk from a spreadsheet, and retiring"
    "requests"
        "申請と決裁" "Requests and approvals"
        "例外措置などを申請し、承認する" "Ask for an exception and other things, and approve"
    "network"
        "ネットワークの分離を読む" "Read the separation of the network"
        "図の見方、指摘の直し方、見られる人" "The picture, how to put a finding right, who may see it"
    "ledger"
        "証跡を確かめる" "Verify the ledger"
        "だれにも書き換えられない記録と、その証明" "The record that nobody can rewrite, and its proofs"
    "sign-in"
        "サインインできないとき" "When you cannot sign in"
        "パスワード、認証アプリ、パスキーをなくしたとき" "When a password, an authenticator or a passkey is lost"
    "reading"
        "読みやすくする" "Make it easier to read"
        "文字の大きさ、キーボード、読み上げ、印刷、英語" "Text size, keyboard, screen reader, printing, English"
}

impl Topic {
    fn href(&self) -> String {
        format!("{}/{}", href::HELP, self.slug)
    }
}

/// The contents.
#[derive(Template)]
#[template(path = "page/help.html")]
struct Contents {
    frame: Frame,
    topics: &'static [Topic],
}

impl Page for Contents {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// A topic.
#[derive(Template)]
#[template(path = "page/help-topic.html")]
struct TopicPage {
    frame: Frame,
    /// Ours, as written in `templates/help/`.
    body: &'static str,
    others: Vec<&'static Topic>,
}

impl Page for TopicPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Contents {
    fn new(visit: &Visit) -> Self {
        Self {
            frame: visit.frame(Section::Help.label(), Section::Help),
            topics: TOPICS,
        }
    }
}

impl TopicPage {
    fn new(visit: &Visit, topic: &'static Topic) -> Self {
        let frame = visit.frame(topic.title.clone(), Section::Help);
        Self {
            frame: frame.crumb(Section::Help.label(), href::HELP),
            body: match visit.lang {
                Lang::Ja => topic.ja,
                Lang::En => topic.en,
            },
            others: TOPICS.iter().filter(|other| other.slug != topic.slug).collect(),
        }
    }
}

async fn contents(visit: Visit) -> Response {
    Contents::new(&visit).show()
}

async fn topic(visit: Visit, Path(slug): Path<String>) -> Result<Response, Failure> {
    let topic = TOPICS.iter().find(|topic| topic.slug == slug).ok_or(Failure::NotFound)?;
    Ok(TopicPage::new(&visit, topic).show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route(href::HELP, get(contents)).route("/help/{topic}", get(topic))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static(href::HELP), lang);
    let topics = TOPICS
        .iter()
        .map(|topic| Sample::of(format!("help-{}", topic.slug), &TopicPage::new(&visit, topic)));
    std::iter::once(Sample::of("help", &Contents::new(&visit))).chain(topics).collect()
}
