//! `/requests/new` without a kind: what can be asked for.

use approval::kind::{Kind, Kinds};
use askama::Template;
use axum::http::Uri;
use model::lang::{Lang, Text};

use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/request-kinds.html")]
pub(super) struct KindsPage {
    frame: Frame,
    kinds: Vec<KindView>,
}

/// One kind.
struct KindView {
    href: String,
    title: Text,
    asks: Text,
    decides: Text,
}

impl Page for KindsPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl KindsPage {
    pub(super) fn new(visit: &Visit, kinds: &Kinds) -> Self {
        let frame = visit.frame(Text::fixed("申請を始める", "Begin a request"), Section::Requests);
        Self {
            frame: frame.crumb(Section::Requests.label(), href::REQUESTS),
            kinds: kinds.iter().map(view).collect(),
        }
    }
}

fn view(kind: &Kind) -> KindView {
    let needed = kind.fields.iter().filter(|field| field.required);
    let labels: Vec<&Text> = needed.map(|field| &field.label).collect();
    let join = |words: Vec<&str>, with: &str| words.join(with);
    let asks = Text::new(
        join(labels.iter().map(|label| label.ja.as_ref()).collect(), "、"),
        join(labels.iter().map(|label| label.en.as_ref()).collect(), ", "),
    );
    let steps = kind.route(None).map(|route| route.steps.as_slice()).unwrap_or_default();
    let steps: Vec<Text> = steps.iter().map(approval::route::Step::title).collect();
    let decides = Text::new(
        join(steps.iter().map(|step| step.ja.as_ref()).collect(), " → "),
        join(steps.iter().map(|step| step.en.as_ref()).collect(), " → "),
    );
    KindView {
        href: format!("/requests/new?kind={}", href::segment(&kind.id)),
        title: kind.title.clone(),
        asks,
        decides,
    }
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/requests/new"), lang);
    let Ok(kinds) = Kinds::shipped() else { return Vec::new() };
    vec![Sample::of("request-kinds", &KindsPage::new(&visit, &kinds))]
}
