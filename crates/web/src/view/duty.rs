//! A duty as pages show it: who owes it, how it is decided, what shows it, what is not kept and what to do.

use std::sync::Arc;

use jiff::civil::Date;
use model::lang::Text;
use model::scheme::{PERSONNEL, SchemeKind};
use policy::judge::{Evidence, Finding, Place, Standing};
use policy::standard::{Duty, Form, Gravity};
use service::city::City;
use service::folder::field_path;
use service::standing::{DutyState, Snapshot};

use super::network::LineView;
use super::{Newest, Records, criterion};
use crate::href;

/// How many findings of a duty stand on the page of its clause before its own page is offered.
const FIRST: usize = 5;

/// One duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyView {
    /// Its stable word.
    pub id: String,
    /// What must be so.
    pub title: Text,
    /// The national code of the role that owes it.
    pub owes: String,
    /// What people call that role.
    pub owed_by: Text,
    /// How grave a breach is.
    pub gravity: Text,
    /// How it stands.
    pub standing: Standing,
    /// Why, where no finding says it.
    pub reason: Option<Text>,
    /// What shows it.
    pub proof: Proof,
    /// What is not kept.
    pub findings: Vec<FindingView>,
    /// What to do when it is broken.
    pub remedy: Text,
    /// For how many days evidence is good; 0 where it does not age.
    pub evidence_days: u32,
    /// How it is decided, in words.
    pub criterion: Text,
    /// How it is decided, as the standard writes it.
    pub expression: String,
    /// The address of its page.
    pub href: String,
}

/// What a standing rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The register whose rows were asked.
    pub register: Option<RegisterName>,
    /// How many rows keep the duty.
    pub rows: usize,
    /// The newest row.
    pub newest: Newest,
    /// In one line: 端末 412件.
    pub line: Text,
    /// What an engine's answer was made of, where one answered.
    pub evidence: Option<Arc<Evidence>>,
}

/// A register and its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterName {
    /// 端末
    pub label: Text,
    /// `/registers/terminal`
    pub href: String,
}

/// One thing that is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingView {
    /// Who or what.
    pub subject: Text,
    /// `Broken`, `Unproven` or `Excepted`.
    pub standing: Standing,
    /// Why.
    pub reason: Text,
    /// Since when.
    pub since: Option<Date>,
    /// The last day of the exception that holds.
    pub excepted_until: Option<Date>,
    /// Where it shows.
    pub place: Option<PlaceView>,
    /// The line of a configuration that shows it; only for those who may see the network.
    pub line: Option<LineView>,
    /// What to do about this one, where it is more than the duty's remedy.
    pub fix: Option<Text>,
    /// The form that asks for an exception; none where one holds.
    pub exception: Option<String>,
}

/// Where a finding shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceView {
    /// 台帳「端末」 T-0001 の「ディスク暗号化」
    pub words: Text,
    /// Where it is put right.
    pub href: String,
    /// What one does there.
    pub act: Text,
}

impl DutyView {
    /// The duty at a position of the snapshot.
    pub(crate) fn new(snapshot: &Snapshot, position: usize, records: &dyn Records) -> Option<Self> {
        let (duty, state) = snapshot.duty(position)?;
        Some(Self::of(duty, state, &snapshot.city, records))
    }

    fn of(duty: &Duty, state: &DutyState, city: &City, records: &dyn Records) -> Self {
        let findings = state.findings.iter();
        Self {
            id: duty.id.clone(),
            title: duty.title.clone(),
            owes: duty.owes.clone(),
            owed_by: owed_by(duty, city),
            gravity: gravity(duty.severity),
            standing: state.standing,
            reason: state.reason.clone(),
            proof: proof(duty, state, city, records),
            findings: findings.map(|finding| FindingView::of(duty, finding, city)).collect(),
            remedy: duty.remedy.clone(),
            evidence_days: duty.evidence_days,
            criterion: criterion::words(duty, city),
            expression: criterion::expression(&duty.criterion),
            href: href::duty(&duty.id),
        }
    }

    /// Whether somebody should look at it.
    #[must_use]
    pub const fn needs_attention(&self) -> bool {
        matches!(
            self.standing,
            Standing::Broken | Standing::Unproven | Standing::Excepted
        )
    }

    /// How many of its findings are broken.
    #[must_use]
    pub fn broken(&self) -> usize {
        let broken = self.findings.iter().filter(|found| found.standing == Standing::Broken);
        broken.count()
    }

    /// Its place on the page of its clause.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("d-{}", self.id)
    }

    /// The findings that stand on the page of its clause.
    #[must_use]
    pub fn first(&self) -> &[FindingView] {
        self.findings.get(..FIRST).unwrap_or(&self.findings)
    }

    /// Those that do not: ほかの指摘7件を見る.
    #[must_use]
    pub fn rest(&self) -> Option<Text> {
        let rest = self.findings.len().checked_sub(FIRST).filter(|rest| *rest > 0)?;
        Some(Text::new(
            format!("ほかの指摘{rest}件を見る"),
            format!("{rest} more findings"),
        ))
    }

    /// For how long evidence is good.
    #[must_use]
    pub fn lifetime(&self) -> Text {
        let days = self.evidence_days;
        Text::new(
            format!("確認の日から{days}日の間、証明になります。"),
            format!("good for {days} days from the day it was confirmed"),
        )
    }

    /// How many findings there are.
    #[must_use]
    pub fn count(&self) -> Text {
        let count = self.findings.len();
        Text::new(format!("{count}件"), count.to_string())
    }
}

impl Proof {
    /// The entry of the ledger that proves the newest row, and its address.
    #[must_use]
    pub fn leaf(&self) -> Option<(Text, String)> {
        let leaf = self.newest.leaf?;
        let words = Text::new(format!("証跡 第{leaf}号"), format!("ledger entry {leaf}"));
        Some((words, href::leaf(leaf)))
    }
}

impl FindingView {
    fn of(duty: &Duty, finding: &Finding, city: &City) -> Self {
        let open = finding.standing != Standing::Excepted;
        Self {
            subject: finding.subject.clone(),
            standing: finding.standing,
            reason: finding.reason.clone(),
            since: finding.since,
            excepted_until: finding.excepted_until,
            place: finding.place.as_ref().map(|place| place_view(place, city)),
            line: finding.line.clone().map(|line| LineView::of(line, "")),
            fix: finding.fix.clone(),
            exception: open.then(|| href::exception(&duty.id, finding.place.as_ref())),
        }
    }
}

fn place_view(place: &Place, city: &City) -> PlaceView {
    let kind = city.kind(&place.register);
    let register = kind.map_or_else(|| Text::same(&place.register), |kind| kind.label.clone());
    let field = place.field.as_deref().and_then(|field| kind?.field(&field_path(field)));
    let mut words = Text::new(
        format!("台帳「{}」", register.ja),
        format!("register of {}", register.en),
    );
    if let Some(key) = &place.key {
        words = Text::new(format!("{} {key}", words.ja), format!("{} {key}", words.en));
    }
    if let Some(field) = field {
        let label = &field.label;
        words = Text::new(
            format!("{}の「{}」", words.ja, label.ja),
            format!("{}, {}", words.en, label.en),
        );
    }
    let act = if place.key.is_some() {
        Text::fixed("台帳を直す", "Correct the register")
    } else {
        Text::fixed("台帳に登録する", "Add to the register")
    };
    PlaceView {
        words,
        href: href::place(place),
        act,
    }
}

fn proof(duty: &Duty, state: &DutyState, city: &City, records: &dyn Records) -> Proof {
    let slug = match &duty.criterion {
        Form::Each { register, .. } | Form::Count { register, .. } | Form::Within { register, .. } => {
            Some(register.text.as_str())
        }
        Form::Attested { .. } => Some("attestation"),
        Form::Engine { .. } => None,
    };
    let kind = slug.and_then(|slug| city.kind(slug));
    let register = kind.map(|kind| RegisterName {
        label: kind.label.clone(),
        href: href::register(&kind.slug),
    });
    let newest = slug.and_then(|slug| records.newest(slug)).unwrap_or_default();
    let rows = state.kept;
    let line = match &register {
        Some(name) if duty.criterion.is_decided_by_data() => Text::new(
            format!("{} {rows}件", name.label.ja),
            format!("{rows} {}", name.label.en),
        ),
        Some(name) => name.label.clone(),
        None => match &state.evidence {
            Some(evidence) => checked(evidence),
            None => Text::fixed("自動の確認", "automatic check"),
        },
    };
    Proof {
        register,
        rows,
        newest,
        line,
        evidence: state.evidence.clone(),
    }
}

/// 機器の設定の照合(separation 0.1.0、ファイル7件)
fn checked(evidence: &Evidence) -> Text {
    let Evidence {
        engine,
        version,
        inputs,
        ..
    } = evidence;
    let files = inputs.len();
    Text::new(
        format!("機器の設定の照合({engine} {version}、ファイル{files}件)"),
        format!("configurations compared ({engine} {version}, {files} files)"),
    )
}

/// The city's own word for the role where it has one.
fn owed_by(duty: &Duty, city: &City) -> Text {
    let national = SchemeKind::Role.national(&duty.owes).unwrap_or(&PERSONNEL);
    let own = city.settings.schemes.words(SchemeKind::Role);
    let own = own.into_iter().find(|(_, code)| *code == duty.owes);
    Text::new(own.map_or(national.ja, |(word, _)| word), national.en)
}

const fn gravity(gravity: Gravity) -> Text {
    match gravity {
        Gravity::High => Text::fixed("高い", "high"),
        Gravity::Medium => Text::fixed("中くらい", "medium"),
        Gravity::Low => Text::fixed("低い", "low"),
    }
}
