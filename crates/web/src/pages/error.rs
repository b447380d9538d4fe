//! What a visitor gets in place of a page: what happened, and a way onward.

use askama::Template;
use axum::Router;
use axum::http::Uri;
use model::lang::{Lang, Text};

use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::site::Site;
use crate::visit::Visit;

/// The page of a [`Failure`].
#[derive(Template)]
#[template(path = "page/error.html")]
pub struct ErrorPage {
    frame: Frame,
    /// What happened, and what it means for what was being done.
    explanation: Text,
    /// The reason, where there is a particular one.
    reason: Option<Text>,
    /// Ways onward, the likeliest first.
    ways: Vec<(Text, String)>,
}

impl Page for ErrorPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl ErrorPage {
    /// The page of `failure`.
    #[must_use]
    pub fn new(visit: &Visit, failure: &Failure) -> Self {
        let (title, explanation, reason) = words(failure);
        let mut ways = Vec::new();
        if matches!(failure, Failure::Conflict(_) | Failure::Internal | Failure::TooMany) {
            ways.push((Text::fixed("もう一度開く", "Open it again"), again(visit)));
        }
        if visit.viewer.is_some() {
            ways.push((Text::fixed("基本方針へ戻る", "Back to the policy"), href::HOME.to_owned()));
        } else {
            ways.push((Text::fixed("サインインする", "Sign in"), href::SIGN_IN.to_owned()));
            ways.push((Text::fixed("公表している方針を見る", "See the published policy"), href::PUBLIC.to_owned()));
        }
        ways.push((Text::fixed("ヘルプを見る", "See the help"), href::HELP.to_owned()));
        Self {
            frame: visit.frame(title, None),
            explanation,
            reason,
            ways,
        }
    }
}

/// The address that failed; only an address of ours is offered.
fn again(visit: &Visit) -> String {
    let path = visit.uri.path_and_query().map_or(href::HOME, |path| path.as_str());
    if href::is_local(path) { path.to_owned() } else { href::HOME.to_owned() }
}

/// Title, explanation, reason.
fn words(failure: &Failure) -> (Text, Text, Option<Text>) {
    match failure {
        Failure::NotFound => (
            Text::fixed("ページが見つかりません", "There is no such page"),
            Text::fixed(
                "アドレスが違うか、ページが移されたか、見る権限のないものかもしれません。",
                "The address may be wrong, the page may have moved, or you may not be allowed to see it.",
            ),
            None,
        ),
        Failure::Forbidden(reason) => (
            Text::fixed("この操作をする権限がありません", "You are not allowed to do this"),
            Text::fixed(
                "必要なときは、所属の情報セキュリティ管理者に相談してください。試みたことは証跡に残ります。",
                "If you need it, ask the information security manager of your section. The attempt is on record.",
            ),
            reason.clone(),
        ),
        Failure::Conflict(reason) => (
            Text::fixed("ほかの人が先に変更しました", "Somebody else changed it first"),
            Text::fixed(
                "入力した内容は保存されていません。もう一度開き、今の内容を確かめてから直してください。",
                "What you entered was not saved. Open it again, look at it as it is now, and make your change.",
            ),
            reason.clone(),
        ),
        Failure::Invalid(reason) => (
            Text::fixed("送られた内容を受け取れません", "The request cannot be accepted"),
            Text::fixed("何も変更されていません。", "Nothing was changed."),
            Some(reason.clone()),
        ),
        Failure::TooMany => (
            Text::fixed("しばらく待ってください", "Please wait a moment"),
            Text::fixed(
                "短い間に多くの要求がありました。少し待ってから、もう一度試してください。",
                "There were many requests in a short time. Wait a little, then try again.",
            ),
            None,
        ),
        Failure::ReadOnly(reason) => (
            Text::fixed("今は変更を受け付けていません", "Changes are not accepted at present"),
            Text::fixed(
                "見ることはできます。システム管理者が確かめるまでお待ちください。",
                "You can still read. Please wait until the system manager has looked at it.",
            ),
            Some(reason.clone()),
        ),
        Failure::SignIn | Failure::Reauthenticate | Failure::Enrol | Failure::NoCity | Failure::Internal => (
            Text::fixed("処理できませんでした", "Something went wrong here"),
            Text::fixed(
                "こちらの不具合です。途中までの変更は残っていません。続くときは、情報システム管理者に知らせてください。",
                "The fault is ours. No half-made change remains. If it goes on, tell the information system manager.",
            ),
            None,
        ),
    }
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let reason = || Text::fixed("自分の申請は承認できません。", "Nobody approves their own request.");
    let failures = [
        ("error-not-found", Failure::NotFound),
        ("error-forbidden", Failure::Forbidden(Some(reason()))),
        ("error-conflict", Failure::Conflict(None)),
        ("error-internal", Failure::Internal),
    ];
    let visit = sample::visit(site, Uri::from_static("/registers/terminal"), lang);
    let pages = failures.iter();
    pages
        .map(|(name, failure)| Sample::of(*name, &ErrorPage::new(&visit, failure)))
        .collect()
}
