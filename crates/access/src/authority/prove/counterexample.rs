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
        let list = |known: &[(String, String)]| {
            let pairs = known.iter().map(|(name, value)| format!("{name} = {value}"));
            pairs.collect::<Vec<_>>().join(", ")
        };
        let (who, what, act) = (list(&self.who), list(&self.what), self.act.title());
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
                "だれかが({who})、{}に({what})、「{}」をできてしまいます。認めている決まり: {}",
                kind.ja,
                act.ja,
                by(true)
            ),
            format!(
                "somebody ({who}) may `{}` a thing ({}: {what}); granted by {}",
                act.en,
                kind.en,
                by(false)
            ),
        )
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
