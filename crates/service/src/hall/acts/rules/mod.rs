//! The city changes its rules of sign-in, of access, of requests and their routes: files of text over those that are shipped
//! ([`crate::hall::in_force`]).
//!
//! What a change would come to is shown first ([`Hall::preview_rules`]): who owes which proof, who decides, who may do what. Access
//! rules are held against the never-rules, which a solver proves for every question there can be; where one is refuted, nothing is
//! saved. Nobody takes the right to change the rules from themselves, nor their own way in.

mod difference;

use access::authority::prove::{self, Proof, Solver, Verdict};
use access::authority::{Act as Verb, Resource};
use access::session::Standing;
use model::lang::Text;
use serde_json::{Value, json};
use store::{Act, Change, Expected, Version};

pub use self::difference::Difference;
use super::entry::mark;
use super::plain;
use super::standard::OwnFile;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::in_force::{ACCESS, InForce, REQUESTS, SIGN_IN, files, is_rules};
use crate::hall::{Hall, Refusal, collection};

/// The most bytes of one file.
const LONGEST: usize = 256 << 10;

/// What a change of the rules would come to.
#[derive(Debug, Clone)]
pub struct RulesPreview {
    /// What would be otherwise.
    pub differences: Vec<Difference>,
    /// Where the city would ask for less than what is shipped.
    pub loosened: Vec<Text>,
    /// For access rules: what became of each never-rule.
    pub proofs: Vec<Proof>,
}

impl RulesPreview {
    /// The never-rules that the grants would break, in words.
    #[must_use]
    pub fn refuted(&self) -> Vec<Text> {
        let refuted = self.proofs.iter().filter_map(|proof| match &proof.verdict {
            Verdict::Refuted(counterexample) => {
                let example = counterexample.text();
                Some(Text::new(
                    format!("破れない決まり「{}」に反します。{}", proof.title.ja, example.ja),
                    format!("it breaks the never-rule `{}`: {}", proof.title.en, example.en),
                ))
            }
            Verdict::Proved | Verdict::NotProved(_) => None,
        });
        refuted.collect()
    }

    /// Whether every never-rule was proved; why not, where one was not.
    #[must_use]
    pub fn unproved(&self) -> Option<Text> {
        self.proofs.iter().find_map(|proof| match &proof.verdict {
            Verdict::NotProved(why) => Some(why.clone()),
            Verdict::Proved | Verdict::Refuted(_) => None,
        })
    }
}

impl Hall {
    /// The city's own files of rules that are in use, by key.
    ///
    /// # Errors
    /// What the database says.
    pub fn rule_files(&self) -> Result<Vec<OwnFile>, Refusal> {
        let mut own = Vec::new();
        self.store.scan(collection::CITY, &mut |entry| {
            if is_rules(&entry.key) && entry.retired_at.is_none() {
                own.push(of(&entry.key, &entry.document, entry.version));
            }
            Ok(())
        })?;
        own.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(own)
    }

    /// One file of rules as it stands; its text is empty and its version that of the last one where the city has none in use.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a name that is none of a file of rules.
    pub fn rule_file(&self, name: &str) -> Result<(OwnFile, bool), Refusal> {
        if !is_rules(name) {
            return Err(Refusal::NotFound);
        }
        let Some(entry) = self.store.entry(collection::CITY, name)? else {
            return Ok((of(name, &Value::Null, 0), false));
        };
        let is_used = entry.retired_at.is_none();
        let document = if is_used { entry.document } else { Value::Null };
        Ok((of(name, &document, entry.version), is_used))
    }

    /// Every version of a file of rules, the newest first.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; what the database says.
    pub fn rule_versions(&self, name: &str) -> Result<Vec<Version>, Refusal> {
        if !is_rules(name) {
            return Err(Refusal::NotFound);
        }
        Ok(self.store.versions(collection::CITY, name)?)
    }

    /// Whether a visitor may change the rules.
    ///
    /// # Errors
    /// [`Refusal::Denied`]
    pub fn may_change_rules(&self, visitor: &Visitor) -> Result<(), Refusal> {
        self.permit(visitor, Verb::AdministerRules, &Resource::City { founded: true })
    }

    /// What a file of rules in other words would come to, or without it (`None`); nothing is stored.
    ///
    /// # Errors
    /// [`Refusal::Problems`] with everything that is wrong in the file, by its place; [`Refusal::Rules`] for a name that is none.
    pub fn preview_rules(&self, name: &str, text: Option<&str>) -> Result<RulesPreview, Refusal> {
        let then = self.rules_with(name, text)?;
        Ok(self.previewed(name, &then))
    }

    /// Changes a file of rules, or withdraws it (`None`), so that what is shipped holds again. `seen` is the version that the visitor saw;
    /// 0 where there was none.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Reauthenticate`]; those of [`Hall::preview_rules`]; [`Refusal::Rules`] where a never-rule is
    /// refuted, or the visitor would lose the right to change the rules or their own way in; [`Refusal::Store`] where somebody else was
    /// first.
    pub fn revise_rules(
        &self,
        visitor: &Visitor,
        (name, seen): (&str, u64),
        text: Option<&str>,
        reason: &str,
    ) -> Result<(), Refusal> {
        self.may_change_rules(visitor)?;
        self.fresh(visitor)?;
        if reason.trim().is_empty() {
            return Err(Refusal::rule("改める理由を入力してください", "say why it is changed"));
        }
        let then = self.rules_with(name, text)?;
        self.stays_able(visitor, &then)?;
        let preview = self.previewed(name, &then);
        let refuted = preview.refuted();
        if !refuted.is_empty() {
            return Err(Refusal::Rules(refuted));
        }
        let mut act = Act::new(if text.is_some() { "rules.set" } else { "rules.withdraw" })
            .by(&visitor.person)
            .note("reason", reason.trim());
        if !preview.proofs.is_empty() {
            let proof = if preview.unproved().is_none() {
                "proved"
            } else {
                "not proved"
            };
            act = act.note("proof", proof);
        }
        let current = self.store.entry(collection::CITY, name)?;
        let is_retired = current.as_ref().is_some_and(|entry| entry.retired_at.is_some());
        let Some(text) = text else {
            let retire = Change::Retire(mark(collection::CITY, name, seen));
            self.commit(act.with(retire))?;
            return Ok(());
        };
        let mut put = plain(collection::CITY, name, json!({ "file": name, "text": unix(text) }));
        put.expected = match (seen, is_retired) {
            (0, _) => Expected::New,
            // A file that was withdrawn comes back and is changed, or neither.
            (_, true) => {
                act = act.with(Change::Restore(mark(collection::CITY, name, seen)));
                Expected::Any
            }
            (seen, false) => Expected::Version(seen),
        };
        self.commit(act.with(put))?;
        Ok(())
    }

    /// The rules with one file in other words, or without it.
    fn rules_with(&self, name: &str, text: Option<&str>) -> Result<InForce, Refusal> {
        if !is_rules(name) {
            return Err(Refusal::rule(
                "ファイルの名は、英数字と - _ で書いてください",
                "a file is named with letters, digits, - and _",
            ));
        }
        if text.is_some_and(|text| text.len() > LONGEST) {
            return Err(Refusal::rule(
                "ファイルが大きすぎます(256KBまで)",
                "the file is too large (256 KB at most)",
            ));
        }
        let mut own = files(&*self.store)?;
        own.retain(|(key, _)| key != name);
        own.extend(text.map(|text| (name.to_owned(), unix(text))));
        own.sort();
        self.shipped.with(&own).map_err(Refusal::Problems)
    }

    fn previewed(&self, name: &str, then: &InForce) -> RulesPreview {
        let now = self.in_force();
        let proofs = if name.starts_with(ACCESS) {
            prove::prove(&then.authority, &Solver::default())
        } else {
            Vec::new()
        };
        RulesPreview {
            differences: match name {
                SIGN_IN => difference::of_sign_in(&now.sign_in, &then.sign_in),
                _ if name.starts_with(REQUESTS) => difference::of_kinds(&now.kinds, &then.kinds),
                _ => difference::of_access(&now.authority, &then.authority),
            },
            loosened: then.loosened.clone(),
            proofs,
        }
    }

    /// Whoever changes the rules can change them back.
    fn stays_able(&self, visitor: &Visitor, then: &InForce) -> Result<(), Refusal> {
        let city = Resource::City { founded: true };
        let known = visitor.known.get().and_then(Option::as_ref);
        let may = known.is_some_and(|known| {
            let decision = then.authority.decide(known.principal(), Verb::AdministerRules, &city);
            decision.allowed
        });
        if !may {
            return Err(Refusal::rule(
                "この決まりでは、あなた自身が決まりを改められなくなります。別の決まりにしてください",
                "with these rules you could not change them back",
            ));
        }
        let owed = then.sign_in.requirement(&visitor.roles);
        if visitor.session.standing(&owed, self.clock.now()) == Standing::TooWeak {
            return Err(Refusal::rule(
                "あなたのサインインが、この決まりを満たしません。先に、満たす手段を登録してサインインし直してください",
                "your own sign-in does not satisfy these rules; enrol what they ask and sign in with it first",
            ));
        }
        Ok(())
    }
}

fn of(name: &str, document: &Value, version: u64) -> OwnFile {
    let text = document.get("text").and_then(Value::as_str).unwrap_or_default();
    OwnFile {
        name: name.to_owned(),
        text: text.to_owned(),
        version,
    }
}

/// Browsers send lines that end with CR LF.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}
