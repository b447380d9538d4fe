//! A question that is granted although it must not be, in words.

use cedar_policy::{Authorizer, Decision, Entities, Entity, EntityUid, PolicySet, Request};
use model::lang::Text;
use serde::Serialize;

use super::act;
use crate::authority::{Act, Authority, Reason, ResourceKind};

/// A question that is granted although a never-rule forbids it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counterexample {
    /// Who asks: what is known of them, by name, in Cedar's spelling.
    pub who: Vec<(String, String)>,
    /// What they do.
    pub act: Act,
    /// What kind of thing they do it to.
    pub kind: ResourceKind,
    /// What is known of the thing.
    pub what: Vec<(String, String)>,
    /// The rules that grant it.
    pub granted_by: Vec<Reason>,
}

impl Counterexample {
    /// Reads what the solver found, and asks the grants themselves; `None` where they do not grant it.
    pub(super) fn read(
        authority: &Authority,
        grants: &PolicySet,
        question: &Request,
        entities: &Entities,
    ) -> Option<Self> {
        let answer = Authorizer::new().is_authorized(question, grants, entities);
        if answer.decision() != Decision::Allow {
            return None;
        }
        let reason = |id: &cedar_policy::PolicyId| {
            let rule: &str = id.as_ref();
            Some(Reason {
                rule: rule.to_owned(),
                text: authority.words.get(id)?.clone(),
            })
        };
        let kind = question.resource()?.type_name().basename().to_owned();
        Some(Self {
            who: known(question.principal()?, entities),
            act: act(question.action()?.id().unescaped())?,
            kind: ResourceKind::ALL.into_iter().find(|known| known.name() == kind)?,
            what: known(question.resource()?, entities),
            granted_by: answer.diagnostics().reason().filter_map(reason).collect(),
        })
    }

    /// The counterexample in words.
    #[must_use]
    pub fn text(&self) -> Text {
        let list = |known: &[(String, String)], ja: bool| {
            // Which one of its kind it is makes no difference to a rule.
            let told = known.iter().filter(|(name, _)| name != "id");
            let pairs = told.map(|(name, value)| {
                let label = label(name);
                format!("{}: {value}", if ja { label.ja } else { label.en })
            });
            pairs.collect::<Vec<_>>().join(if ja { "、" } else { ", " })
        };
        let act = self.act.title();
        let by = |ja: bool| {
            let texts = self.granted_by.iter().map(|reason| {
                let text = if ja { &reason.text.ja } else { &reason.text.en };
                format!("{} ({text})", reason.rule)
            });
            texts.collect::<Vec<_>>().join(", ")
        };
        let kind = self.kind.title();
        Text::new(
            format!(
                "だれかが({})、{}({})に対して「{}」を行えてしまいます。認めている決まり: {}",
                list(&self.who, true),
                kind.ja,
                list(&self.what, true),
                act.ja,
                by(true)
            ),
            format!(
                "somebody ({}) may `{}` a thing ({}; {}); granted by {}",
                list(&self.who, false),
                act.en,
                kind.en,
                list(&self.what, false),
                by(false)
            ),
        )
    }
}

/// What an attribute of the schema is called.
fn label(name: &str) -> Text {
    match name {
        "section" => Text::fixed("課", "section"),
        "organ" => Text::fixed("機関", "organ"),
        "roles" => Text::fixed("持っている役割", "roles"),
        "city" => Text::fixed("全体に及ぶ役割", "roles over the city"),
        "organs" => Text::fixed("機関に及ぶ役割", "roles over organs"),
        "sections" => Text::fixed("課に及ぶ役割", "roles over sections"),
        "systems" => Text::fixed("情報システムに及ぶ役割", "roles over systems"),
        "clearance" => Text::fixed("読める機密性", "clearance"),
        "mynumber" => Text::fixed("個人番号利用事務", "works with MyNumber"),
        "register" => Text::fixed("台帳", "register"),
        "system" => Text::fixed("情報システム", "system"),
        "zone" => Text::fixed("層", "tier"),
        "concerns" => Text::fixed("だれについてのものか", "about"),
        "kind" => Text::fixed("種類", "kind"),
        "applicant" => Text::fixed("申請者", "applicant"),
        "deciders" => Text::fixed("決裁できる者", "who may decide"),
        "participants" => Text::fixed("関わった者", "who took part"),
        "draft" => Text::fixed("下書き", "draft"),
        "publicity" => Text::fixed("公開の範囲", "publicity"),
        "grade" => Text::fixed("機密性", "grade"),
        "founded" => Text::fixed("読込み済み", "founded"),
        "person" => Text::fixed("だれの利用者IDか", "whose account"),
        "owes" => Text::fixed("負う役割", "owed by"),
        other => Text::same(other.to_owned()),
    }
}

/// Which entity it is, and its attributes.
fn known(uid: &EntityUid, entities: &Entities) -> Vec<(String, String)> {
    let name = ("id".to_owned(), uid.to_string());
    let attributes = entities.get(uid).into_iter().flat_map(Entity::attrs);
    let attributes = attributes.filter_map(|(name, value)| Some((name.to_owned(), value.ok()?.to_string())));
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort();
    std::iter::once(name).chain(attributes).collect()
}
