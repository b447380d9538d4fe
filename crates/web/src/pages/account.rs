//! `/account`: how the visitor signs in, and where they are signed in.

use access::account::{Enrolled, PasskeyLabel};
use access::opaque::Opaque;
use access::session::Scope;
use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use model::lang::{Lang, Text};
use service::hall::Refusal;
use service::hall::notices::Wish;
use service::hall::entrance::sessions::Visitor;

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::pages::door::inside;
use crate::sample;
use crate::sent::{Enrolling, Sent, Who};
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/account.html")]
struct AccountPage {
    frame: Frame,
    enrolled: Enrolled,
    /// Whether the visitor was let in only to enrol what they lack.
    must_enrol: bool,
    /// An authenticator app to be scanned, where one is asked for.
    offered: Option<Offered>,
    sessions: Vec<Row>,
    /// Codes on paper, shown this once.
    codes: Vec<String>,
    codes_left: usize,
    /// When notices come by mail; `None` where the installation sends none.
    mail: Option<Wish>,
    /// What went wrong, and with which form.
    refusal: Option<(&'static str, Text)>,
}

/// An authenticator app to be scanned.
struct Offered {
    /// `data:image/svg+xml;base64,…`
    image: String,
    /// The secret as people type it.
    written: String,
}

/// One session.
struct Row {
    key: String,
    agent: String,
    source: String,
    began_at: Timestamp,
    seen_at: Timestamp,
    is_this: bool,
}

impl Page for AccountPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl AccountPage {
    fn fault(&self, form: &str) -> Option<&Text> {
        let refusal = self.refusal.as_ref();
        refusal.filter(|(of, _)| *of == form).map(|(_, why)| why)
    }

    /// The choices of mail, each with its words and whether it is chosen.
    fn wishes(&self) -> impl Iterator<Item = (&'static str, Text, bool)> {
        Wish::ALL.into_iter().map(|wish| {
            let words = match wish {
                Wish::AtOnce => Text::fixed("その都度受け取る", "At once, one by one"),
                Wish::Daily => Text::fixed("一日一回、未読をまとめて受け取る", "Once a day, what is unread"),
                Wish::None => Text::fixed("受け取らない", "Never"),
            };
            (wish.word(), words, self.mail == Some(wish))
        })
    }

    /// Whether what is enrolled is enough to sign in with.
    const fn is_ready(&self) -> bool {
        (self.enrolled.password && self.enrolled.authenticator) || !self.enrolled.passkeys.is_empty()
    }
}

/// What one of the forms came to.
#[derive(Default)]
struct Came {
    refusal: Option<(&'static str, Text)>,
    codes: Vec<String>,
    /// Shows the authenticator app to scan.
    offers: bool,
}

async fn page(site: &Site, visit: &Visit, visitor: &Visitor, came: Came) -> Result<AccountPage, Failure> {
    let issuer = site.city().ja.into_owned();
    let issuer = if issuer.is_empty() { "三門".to_owned() } else { issuer };
    let (who, offers) = (visitor.clone(), came.offers);
    let (loaded, offered, sessions, mail) = blocking(site, move |hall| {
        let loaded = hall.account(&who.person)?.ok_or(Refusal::NotFound)?;
        let offered = if offers { Some(hall.offer_authenticator(&who, &issuer)?) } else { None };
        let mail = match hall.outbox() {
            Some(_) => Some(hall.mail_wish(&who.person)?),
            None => None,
        };
        Ok((loaded, offered, hall.sessions_of(&who.person)?, mail))
    })
    .await?;
    let mut frame = visit.frame(Text::fixed("サインインの設定", "Sign-in settings"), None);
    frame = frame.with_token(&visitor.csrf().masked(site.hall()?.random()));
    let row = |(key, session): (String, access::session::Session)| Row {
        is_this: key == visitor.session_key,
        key,
        agent: session.agent,
        source: session.source,
        began_at: session.began_at,
        seen_at: session.seen_at,
    };
    Ok(AccountPage {
        frame,
        codes_left: loaded.credentials.recovery_codes.left(),
        enrolled: loaded.account.enrolled,
        must_enrol: visitor.session.scope == Scope::Enrolment,
        offered: offered.map(|offered| Offered {
            image: format!("data:image/svg+xml;base64,{}", STANDARD.encode(offered.image)),
            written: offered.written,
        }),
        sessions: sessions.into_iter().map(row).collect(),
        codes: came.codes,
        mail,
        refusal: came.refusal,
    })
}

async fn show(State(site): State<Site>, Enrolling(visitor): Enrolling, visit: Visit) -> Result<Response, Failure> {
    Ok(page(&site, &visit, &visitor, Came::default()).await?.show())
}

async fn authenticator(
    State(site): State<Site>,
    Enrolling(visitor): Enrolling,
    visit: Visit,
) -> Result<Response, Failure> {
    let came = Came {
        offers: true,
        ..Came::default()
    };
    Ok(page(&site, &visit, &visitor, came).await?.show())
}

async fn set_password(
    State(site): State<Site>,
    Enrolling(visitor): Enrolling,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    if sent.value("password") != sent.value("again") {
        let why = Text::fixed("二つの欄のパスワードが違います。", "The two passwords are not the same.");
        return refused(&site, &visit, &visitor, "password", why, false).await;
    }
    let (who, password) = (visitor.clone(), sent.value("password").to_owned());
    let done = blocking(&site, move |hall| {
        guarded(hall, &who)?;
        Ok(hall.set_password(&who, &password))
    });
    after(&site, &visit, &visitor, "password", done.await?.map(|()| None)).await
}

async fn confirm_authenticator(
    State(site): State<Site>,
    Enrolling(visitor): Enrolling,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    let (who, code) = (visitor.clone(), sent.value("code").to_owned());
    let done = blocking(&site, move |hall| {
        guarded(hall, &who)?;
        Ok(hall.confirm_authenticator(&who, &code))
    });
    after(&site, &visit, &visitor, "authenticator", done.await?).await
}

async fn passkey_options(
    State(site): State<Site>,
    Enrolling(visitor): Enrolling,
    _: Sent,
) -> Result<Response, Failure> {
    let options = blocking(&site, move |hall| {
        guarded(hall, &visitor)?;
        hall.offer_new_passkey(&visitor)
    });
    Ok(Json(options.await?).into_response())
}

async fn add_passkey(
    State(site): State<Site>,
    Enrolling(visitor): Enrolling,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    let (who, answer) = (visitor.clone(), sent.value("answer").to_owned());
    let label = match sent.value("label").trim() {
        "" => "パスキー".to_owned(),
        label => label.to_owned(),
    };
    let done = blocking(&site, move |hall| Ok(hall.enrol_passkey(&who, &answer, &label))).await?;
    after(&site, &visit, &visitor, "passkey", done).await
}

async fn remove_passkey(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    let (who, id) = (visitor.clone(), sent.value("id").to_owned());
    let done = blocking(&site, move |hall| {
        hall.fresh(&who)?;
        Ok(hall.remove_passkey(&who, &id))
    });
    after(&site, &visit, &visitor, "passkey", done.await?.map(|()| None)).await
}

async fn draw_codes(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    _: Sent,
) -> Result<Response, Failure> {
    let who = visitor.clone();
    let codes = blocking(&site, move |hall| {
        hall.fresh(&who)?;
        hall.draw_recovery_codes(&who)
    });
    let came = Came {
        codes: codes.await?,
        ..Came::default()
    };
    Ok(page(&site, &visit, &visitor, came).await?.show())
}

async fn choose_mail(State(site): State<Site>, Who(visitor): Who, sent: Sent) -> Result<Response, Failure> {
    let wish = Wish::ALL.into_iter().find(|wish| wish.word() == sent.value("mail"));
    let wish = wish.ok_or_else(|| {
        Failure::Invalid(Text::fixed(
            "メールの受取り方を選んでください。",
            "Choose when you want mail.",
        ))
    })?;
    blocking(&site, move |hall| hall.choose_mail(&visitor, wish)).await?;
    Ok(notice::see(href::ACCOUNT, Notice::Saved))
}

async fn end_sessions(State(site): State<Site>, Who(visitor): Who, sent: Sent) -> Result<Response, Failure> {
    let only = Some(sent.value("session").to_owned()).filter(|key| !key.is_empty());
    blocking(&site, move |hall| {
        let but = only.is_none().then_some(visitor.session_key.as_str());
        hall.end_sessions(&visitor.person, only.as_deref(), but)
    })
    .await?;
    Ok(notice::see(href::ACCOUNT, Notice::Saved))
}

/// Whoever is inside proves again who they are before they change how they sign in; whoever came to enrol did so just now.
fn guarded(hall: &service::hall::Hall, visitor: &Visitor) -> Result<(), Refusal> {
    match visitor.session.scope {
        Scope::Enrolment => Ok(()),
        Scope::Full => hall.fresh(visitor),
    }
}

/// The page that follows a form: into the house under a new session, back to the settings, or the form again.
async fn after(
    site: &Site,
    visit: &Visit,
    visitor: &Visitor,
    form: &'static str,
    done: Result<Option<Opaque>, Refusal>,
) -> Result<Response, Failure> {
    match done {
        Ok(Some(session)) => inside(site, href::ACCOUNT, &session, None),
        Ok(None) => Ok(notice::see(href::ACCOUNT, Notice::Saved)),
        Err(refusal @ Refusal::Rules(_)) => {
            refused(site, visit, visitor, form, refusal.text(), form == "authenticator").await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn refused(
    site: &Site,
    visit: &Visit,
    visitor: &Visitor,
    form: &'static str,
    why: Text,
    offers: bool,
) -> Result<Response, Failure> {
    let came = Came {
        refusal: Some((form, why)),
        offers,
        ..Came::default()
    };
    let page = page(site, visit, visitor, came).await?;
    Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(href::ACCOUNT, get(show))
        .route("/account/password", post(set_password))
        .route("/account/authenticator", get(authenticator).post(confirm_authenticator))
        .route("/account/passkeys", post(add_passkey))
        .route("/account/passkeys/options", post(passkey_options))
        .route("/account/passkeys/remove", post(remove_passkey))
        .route("/account/recovery-codes", post(draw_codes))
        .route("/account/mail", post(choose_mail))
        .route("/account/sessions/end", post(end_sessions))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static(href::ACCOUNT), lang);
    let frame = || visit.frame(Text::fixed("サインインの設定", "Sign-in settings"), None);
    let now = site.clock().now();
    let row = |key: &str, is_this| Row {
        key: key.to_owned(),
        agent: "Firefox / Windows".to_owned(),
        source: "192.0.2.10".to_owned(),
        began_at: now,
        seen_at: now,
        is_this,
    };
    let full = || AccountPage {
        frame: frame(),
        enrolled: Enrolled {
            password: true,
            authenticator: true,
            passkeys: vec![PasskeyLabel {
                id: "x".to_owned(),
                label: "職員証のキー".to_owned(),
                model: String::new(),
                added_at: now,
            }],
        },
        must_enrol: false,
        offered: None,
        sessions: vec![row("a", true), row("b", false)],
        codes: Vec::new(),
        codes_left: 8,
        mail: Some(Wish::Daily),
        refusal: None,
    };
    let enrolling = AccountPage {
        enrolled: Enrolled::default(),
        must_enrol: true,
        offered: Some(Offered {
            image: "data:image/svg+xml;base64,PHN2Zy8+".to_owned(),
            written: "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567".to_owned(),
        }),
        codes_left: 0,
        refusal: Some((
            "authenticator",
            Text::fixed("確認コードが違います。", "The code is not right."),
        )),
        ..full()
    };
    let codes = AccountPage {
        codes: vec!["ABCD-EFGH-JKMN-PQRS".to_owned(), "TUVW-XYZ2-3456-789A".to_owned()],
        ..full()
    };
    vec![
        Sample::of("account", &full()),
        Sample::of("account-enrolling", &enrolling),
        Sample::of("account-codes", &codes),
    ]
}
