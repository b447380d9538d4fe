//! TOML to rules.

use std::collections::BTreeSet;

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;
use model::scheme::SchemeKind;
use serde::Deserialize;
use toml::Spanned;

use crate::passkey::NO_MODEL;
use crate::reading;

use super::{ADMINISTRATOR, Enrolment, PERSONNEL, Proof, Requirement, Rule, Strength};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Table {
    id: Spanned<String>,
    title: Text,
    roles: Vec<Spanned<String>>,
    tier: Option<Spanned<String>>,
    proof: Option<Spanned<ProofName>>,
    authenticators: Option<Vec<Spanned<String>>>,
    session_minutes: Option<Spanned<u32>>,
    idle_minutes: Option<Spanned<u32>>,
    fresh_minutes: Option<Spanned<u32>>,
    enrolment: Option<Enrolment>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum ProofName {
    OneFactor,
    TwoFactors,
    Passkey,
    ListedPasskey,
}

pub(super) fn read(text: &str) -> Result<Vec<Rule>, Vec<Diagnostic>> {
    let file: File = reading::toml(text)?;
    let mut reader = Reader::default();
    let rules = file.rule.into_iter().map(|table| reader.rule(table)).collect();
    if reader.problems.is_empty() {
        Ok(rules)
    } else {
        Err(reader.problems)
    }
}

#[derive(Default)]
struct Reader {
    ids: BTreeSet<String>,
    problems: Vec<Diagnostic>,
}

impl Reader {
    fn rule(&mut self, table: Table) -> Rule {
        if !self.ids.insert(table.id.get_ref().clone()) {
            self.problem(
                "duplicate-rule",
                &table.id,
                both("決まりが二つあります", "the rule is there twice"),
            );
        }
        for role in &table.roles {
            self.role(role);
        }
        let least = Requirement::LEAST;
        let requirement = Requirement {
            proof: self.proof(&table),
            session_minutes: self.minutes(table.session_minutes.as_ref(), least.session_minutes),
            idle_minutes: self.minutes(table.idle_minutes.as_ref(), least.idle_minutes),
            fresh_minutes: self.minutes(table.fresh_minutes.as_ref(), least.fresh_minutes),
            enrolment: table.enrolment.unwrap_or(least.enrolment),
        };
        Rule {
            tier: table.tier.map(|tier| self.tier(tier)),
            id: table.id.into_inner(),
            title: table.title,
            roles: table.roles.into_iter().map(Spanned::into_inner).collect(),
            requirement,
        }
    }

    fn role(&mut self, role: &Spanned<String>) {
        let code = role.get_ref().as_str();
        let known = SchemeKind::Role.national(code).is_some() || [PERSONNEL, ADMINISTRATOR].contains(&code);
        if !known {
            let message = Text::new(
                format!("「{code}」という役割はありません"),
                format!("there is no role `{code}`"),
            );
            self.problem("unknown-role", role, message);
        }
    }

    fn tier(&mut self, tier: Spanned<String>) -> String {
        if SchemeKind::Tier.national(tier.get_ref()).is_none() {
            let code = tier.get_ref();
            let message = Text::new(
                format!("「{code}」という領域の種類はありません"),
                format!("there is no tier `{code}`"),
            );
            self.problem("unknown-tier", &tier, message);
        }
        tier.into_inner()
    }

    fn minutes(&mut self, given: Option<&Spanned<u32>>, longest: u32) -> u32 {
        let Some(minutes) = given else { return longest };
        if !(1..=longest).contains(minutes.get_ref()) {
            let message = Text::new(
                format!("1分から{longest}分までで定めます"),
                format!("must be between 1 and {longest} minutes"),
            );
            self.problem("minutes-out-of-bounds", minutes, message);
        }
        *minutes.get_ref()
    }

    fn proof(&mut self, table: &Table) -> Proof {
        let listed = table.authenticators.as_deref().unwrap_or_default();
        let proof = match table.proof.as_ref().map(Spanned::get_ref) {
            None | Some(ProofName::OneFactor) => Proof::AtLeast(Strength::OneFactor),
            Some(ProofName::TwoFactors) => Proof::AtLeast(Strength::TwoFactors),
            Some(ProofName::Passkey) => Proof::AtLeast(Strength::Passkey),
            Some(ProofName::ListedPasskey) => return self.listed_passkey(&table.id, listed),
        };
        if let Some(first) = listed.first() {
            let message = both(
                "型を挙げるのは、型を限ったパスキーを求めるときだけです",
                "authenticators are listed only with the proof `listed-passkey`",
            );
            self.problem("authenticators-unused", first, message);
        }
        proof
    }

    fn listed_passkey(&mut self, id: &Spanned<String>, listed: &[Spanned<String>]) -> Proof {
        if listed.is_empty() {
            let message = both(
                "型を限ったパスキーを求めていますが、型が一つも挙げられていません",
                "asks for a listed passkey and lists no authenticator",
            );
            self.problem("no-authenticators", id, message);
        }
        for aaguid in listed {
            if !is_aaguid(aaguid.get_ref()) {
                let message = both("AAGUIDの形ではありません", "not an AAGUID");
                self.problem("not-an-aaguid", aaguid, message);
            }
        }
        let models = listed.iter().map(|aaguid| aaguid.get_ref().to_ascii_lowercase());
        Proof::ListedPasskey(models.collect())
    }

    fn problem<T>(&mut self, code: &'static str, place: &Spanned<T>, message: Text) {
        let span = place.span();
        self.problems
            .push(Diagnostic::error(code, message).at(Span::new(span.start, span.end)));
    }
}

const fn both(ja: &'static str, en: &'static str) -> Text {
    Text::fixed(ja, en)
}

fn is_aaguid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text != NO_MODEL && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(more: &str) -> Vec<(&'static str, String)> {
        let text = format!("[[rule]]\nid = \"x\"\ntitle = {{ ja = \"人\", en = \"x\" }}\n{more}\n");
        let problems = read(&text).unwrap_err();
        let place = |problem: &Diagnostic| {
            problem
                .span
                .and_then(|span| span.of(&text))
                .unwrap_or_default()
                .to_owned()
        };
        problems.iter().map(|problem| (problem.code, place(problem))).collect()
    }

    #[test]
    fn faults_of_the_rules_are_pointed_at() {
        let aaguid = "authenticators = [\"00000000-0000-0000-0000-000000000001\"]";
        for (more, code, place) in [
            ("roles = [\"mayor\"]", "unknown-role", "\"mayor\""),
            ("roles = []\ntier = \"outer\"", "unknown-tier", "\"outer\""),
            ("roles = []\nfresh-minutes = 61", "minutes-out-of-bounds", "61"),
            ("roles = []\nidle-minutes = 0", "minutes-out-of-bounds", "0"),
            ("roles = []\nproof = \"listed-passkey\"", "no-authenticators", "\"x\""),
            (
                &format!("roles = []\n{aaguid}"),
                "authenticators-unused",
                "\"00000000-0000-0000-0000-000000000001\"",
            ),
            (
                "roles = []\nproof = \"listed-passkey\"\nauthenticators = [\"00000000-0000-0000-0000-000000000000\"]",
                "not-an-aaguid",
                "\"00000000-0000-0000-0000-000000000000\"",
            ),
            (
                "roles = []\nproof = \"listed-passkey\"\nauthenticators = [\"yubikey\"]",
                "not-an-aaguid",
                "\"yubikey\"",
            ),
        ] {
            assert_eq!(codes(more), [(code, place.to_owned())], "{more}");
        }
        assert_eq!(codes("roles = []\nproof = \"none\"")[0].0, "unreadable-rules");
        assert_eq!(codes("roles = []\ncolour = 1")[0].0, "unreadable-rules");
        assert_eq!(
            codes("roles = []\n[[rule]]\nid = \"x\"\ntitle = { ja = \"\", en = \"\" }\nroles = []")[0].0,
            "duplicate-rule"
        );
    }
}
