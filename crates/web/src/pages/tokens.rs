//! `/account/tokens`: the tokens with which programs act for the visitor; administrators see everybody's.

use std::collections::BTreeSet;

use access::token::{Kind, Scope, Token};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use model::lang::{Lang, Text};
use service::hall::acts::token::{KeptToken, LONGEST_DAYS, Wanted};
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::part::Fault;
use crate::sample;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::visit::Visit;

/// For how many days a token is good where nobody says otherwise.
const DAYS: u16 = 90;

/// The page.
#[derive(Template)]
#[template(path = "page/tokens.html")]
struct TokensPage {
    frame: Frame,
    listed: Listed,
    /// The token that was just made, shown this once.
    made: Option<String>,
    form: Form,
    faults: Vec<Fault>,
}

/// The tokens that are good.
#[derive(Default)]
struct Listed {
    own: Vec<Row>,
    /// Those of all others, for administrators.
    others: Vec<Row>,
    is_administrator: bool,
}

/// One token.
struct Row {
    key: String,
    name: String,
    /// Whose it is.
    person: String,
    is_service: bool,
    ending: String,
    scopes: Vec<Text>,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
}

/// The form, as it was sent.
struct Form {
    name: String,
    days: String,
    scopes: Vec<(String, Text, bool)>,
    is_service: bool,
}

impl Page for TokensPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl TokensPage {
    fn new(visit: &Visit, listed: Listed) -> Self {
        let frame = visit.frame(Text::fixed("APIのトークン", "API tokens"), None);
        Self {
            frame: frame.crumb(Text::fixed("サインインの設定", "Sign-in settings"), href::ACCOUNT),
            listed,
            made: None,
            form: Form::of(&Sent::default()),
            faults: Vec::new(),
        }
    }

    const fn longest(&self) -> u16 {
        LONGEST_DAYS
    }
}

impl Row {
    fn of(hall: &Hall, kept: KeptToken) -> Self {
        let KeptToken { key, token, .. } = kept;
        let directory = hall.directory();
        let person = directory.people.get(&token.person).map(|member| member.name.clone());
        Self {
            key,
            person: person.unwrap_or(token.person),
            name: token.name,
            is_service: token.kind == Kind::Service,
            ending: kept.ending,
            scopes: token.scopes.iter().map(|scope| scope.label()).collect(),
            expires_at: token.expires_at,
            used_at: kept.used_at,
        }
    }
}

impl Form {
    fn of(sent: &Sent) -> Self {
        let chosen: Vec<&str> = sent.values("scope").collect();
        let scopes = Scope::ALL.iter().map(|scope| {
            let word = word(*scope);
            let is_chosen = chosen.contains(&word.as_str());
            (word, scope.label(), is_chosen)
        });
        let days = match sent.value("days") {
            "" => DAYS.to_string(),
            days => days.to_owned(),
        };
        Self {
            name: sent.value("name").to_owned(),
            days,
            scopes: scopes.collect(),
            is_service: sent.value("kind") == "service",
        }
    }

    fn wanted(&self) -> Wanted {
        let chosen: BTreeSet<&str> = self
            .scopes
            .iter()
            .filter(|(.., is_chosen)| *is_chosen)
            .map(|(word, ..)| word.as_str())
            .collect();
        let scopes = Scope::ALL
            .into_iter()
            .filter(|scope| chosen.contains(word(*scope).as_str()));
        Wanted {
            kind: if self.is_service { Kind::Service } else { Kind::Personal },
            name: self.name.clone(),
            scopes: scopes.collect(),
            days: self.days.trim().parse().unwrap_or_default(),
        }
    }
}

/// `registers:read`
fn word(scope: Scope) -> String {
    let word = serde_json::to_value(scope).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

fn listed(hall: &Hall, visitor: &Visitor) -> Result<Listed, Refusal> {
    let row = |kept| Row::of(hall, kept);
    let own = hall.tokens(visitor, Some(&visitor.person))?;
    let is_administrator = visitor.is_administrator();
    let mut others = if is_administrator {
        hall.tokens(visitor, None)?
    } else {
        Vec::new()
    };
    others.retain(|kept| kept.token.person != visitor.person);
    Ok(Listed {
        own: own.into_iter().map(row).collect(),
        others: others.into_iter().map(row).collect(),
        is_administrator,
    })
}

async fn show(State(site): State<Site>, Who(visitor): Who, visit: Visit) -> Result<Response, Failure> {
    let listed = blocking(&site, move |hall| listed(hall, &visitor)).await?;
    Ok(TokensPage::new(&visit, listed).show())
}

async fn make(State(site): State<Site>, Who(visitor): Who, visit: Visit, sent: Sent) -> Result<Response, Failure> {
    let form = Form::of(&sent);
    let wanted = form.wanted();
    let (made, listed) = blocking(&site, move |hall| {
        let made = match hall.make_token(&visitor, &wanted) {
            Ok(presented) => Ok(presented.text().to_owned()),
            Err(Refusal::Rules(rules)) => Err(rules),
            Err(refusal) => return Err(refusal),
        };
        Ok((made, listed(hall, &visitor)?))
    })
    .await?;
    let page = TokensPage::new(&visit, listed);
    match made {
        Ok(token) => {
            let page = TokensPage {
                made: Some(token),
                ..page
            };
            Ok(page.show())
        }
        Err(rules) => {
            let fault = |words| Fault {
                field: String::new(),
                words,
            };
            let page = TokensPage {
                form,
                faults: rules.into_iter().map(fault).collect(),
                ..page
            };
            Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn revoke(State(site): State<Site>, Who(visitor): Who, sent: Sent) -> Result<Response, Failure> {
    blocking(&site, move |hall| hall.revoke_token(&visitor, sent.value("token"))).await?;
    Ok(notice::see(href::TOKENS, Notice::Saved))
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(href::TOKENS, get(show).post(make))
        .route("/account/tokens/revoke", post(revoke))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static(href::TOKENS), lang);
    let row = |name: &str, person: &str, is_service| Row {
        key: "0123456789abcdef".to_owned(),
        name: name.to_owned(),
        person: person.to_owned(),
        is_service,
        ending: "7k2q".to_owned(),
        scopes: vec![Scope::RegistersRead.label(), Scope::PolicyRead.label()],
        expires_at: site
            .clock()
            .now()
            .saturating_add(Token::LONGEST)
            .unwrap_or(Timestamp::MAX),
        used_at: is_service.then(|| site.clock().now()),
    };
    let full = || Listed {
        own: vec![
            row("資産の一覧", "見本 太郎", false),
            row("監視からの登録", "見本 太郎", true),
        ],
        others: vec![row("端末の照合", "見本 花子", false)],
        is_administrator: true,
    };
    let sent = Sent(vec![
        ("name".to_owned(), "照合".to_owned()),
        ("days".to_owned(), "400".to_owned()),
    ]);
    let fault = Fault {
        field: String::new(),
        words: Text::fixed("できることを一つ以上選んでください", "choose what it may be used for"),
    };
    vec![
        Sample::of("tokens", &TokensPage::new(&visit, full())),
        Sample::of("tokens-none", &TokensPage::new(&visit, Listed::default())),
        Sample::of(
            "tokens-made",
            &TokensPage {
                made: Some("sanmon_pat_0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjkmn012345".to_owned()),
                ..TokensPage::new(&visit, full())
            },
        ),
        Sample::of(
            "tokens-faults",
            &TokensPage {
                form: Form::of(&sent),
                faults: vec![fault],
                ..TokensPage::new(&visit, Listed::default())
            },
        ),
    ]
}
