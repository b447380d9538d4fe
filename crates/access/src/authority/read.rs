//! Cedar files to rules.

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr as _;

use cedar_policy::ffi::DetailedError;
use cedar_policy::{Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};
use model::diagnostic::{Diagnostic, Located, Span};
use model::lang::Text;

use super::{Act, Asked, Origin, ResourceKind, Rule, SCHEMA};

type File<'f> = (&'f str, &'f str);

/// The schema and every rule, or everything that is wrong.
pub(super) fn read(grants: &[File], never: &[File], city: &[File]) -> Result<(Schema, Vec<Rule>), Vec<Located>> {
    let schema = schema()?;
    let mut reader = Reader {
        validator: Validator::new(schema.clone()),
        ids: BTreeSet::new(),
        rules: Vec::new(),
        problems: Vec::new(),
    };
    // The never-rules take their names first, so that no other rule can have one of them.
    for (files, origin) in [(never, Origin::Never), (grants, Origin::Shipped), (city, Origin::City)] {
        for (name, text) in files {
            reader.file(name, text, origin);
        }
    }
    let Reader {
        mut rules, problems, ..
    } = reader;
    rules.sort_by_key(|rule| rule.origin == Origin::Never);
    if problems.is_empty() {
        Ok((schema, rules))
    } else {
        Err(problems)
    }
}

/// For each act on each kind of thing, the rules that can matter.
pub(super) fn asked(schema: &Schema, rules: &[Rule]) -> HashMap<(Act, ResourceKind), Asked> {
    let mut asked = HashMap::new();
    for environment in schema.request_envs() {
        let action = environment.action();
        let act = Act::ALL.iter().find(|act| act.name() == action.id().unescaped());
        let kind = ResourceKind::ALL
            .into_iter()
            .find(|kind| kind.name() == environment.resource().basename());
        if let (Some(act), Some(kind)) = (act, kind) {
            asked.entry((*act, kind)).or_insert_with(|| Asked {
                action: action.clone(),
                policies: policies(rules.iter().filter(|rule| rule.concerns(action, kind))),
            });
        }
    }
    asked
}

/// A set of rules; their names differ, so that all of them are in it.
pub(super) fn policies<'r>(rules: impl Iterator<Item = &'r Rule>) -> PolicySet {
    PolicySet::from_policies(rules.map(|rule| rule.policy.clone())).unwrap_or_default()
}

fn schema() -> Result<Schema, Vec<Located>> {
    let read = Schema::from_cedarschema_str(SCHEMA);
    read.map(|(schema, _)| schema)
        .map_err(|error| vec![located("schema.cedarschema", &DetailedError::from(&error), None)])
}

struct Reader {
    validator: Validator,
    ids: BTreeSet<String>,
    rules: Vec<Rule>,
    problems: Vec<Located>,
}

impl Reader {
    fn file(&mut self, name: &str, text: &str, origin: Origin) {
        let parsed = match PolicySet::from_str(text) {
            Ok(parsed) => parsed,
            Err(errors) => {
                let errors = errors
                    .iter()
                    .map(|error| located(name, &DetailedError::from(error), None));
                self.problems.extend(errors);
                return;
            }
        };
        if parsed.templates().next().is_some() {
            let message = Text::fixed("ひな形(?principal など)は使えません", "templates cannot be used");
            self.problem(name, "not-a-rule", message, None);
        }
        let mut policies: Vec<(Option<Span>, &Policy)> =
            parsed.policies().map(|policy| (place(policy, text), policy)).collect();
        policies.sort_by_key(|(span, _)| span.map(|span| span.start));
        for (span, policy) in policies {
            self.rule(name, policy, span, origin);
        }
    }

    fn rule(&mut self, file: &str, policy: &Policy, span: Option<Span>, origin: Origin) {
        let words = ["id", "ja", "en"].map(|key| policy.annotation(key).filter(|word| !word.trim().is_empty()));
        let [Some(id), Some(ja), Some(en)] = words else {
            let message = Text::fixed("@id、@ja、@en を書きます", "needs `@id`, `@ja` and `@en`");
            self.problem(file, "rule-without-words", message, span);
            return;
        };
        if !self.ids.insert(id.to_owned()) {
            let message = Text::new(
                format!("「{id}」という決まりがすでにあります"),
                format!("there is a rule `{id}` already"),
            );
            self.problem(file, "duplicate-rule", message, span);
            return;
        }
        let named = policy.new_id(PolicyId::new(id));
        if self.fits(file, &named, span) {
            self.rules.push(Rule {
                id: id.to_owned(),
                title: Text::new(ja, en),
                file: file.to_owned(),
                text: policy.to_string(),
                origin,
                policy: named,
            });
        }
    }

    /// Whether a rule fits the schema; what does not is a problem.
    fn fits(&mut self, file: &str, policy: &Policy, span: Option<Span>) -> bool {
        let Ok(alone) = PolicySet::from_policies([policy.clone()]) else {
            return false;
        };
        let result = self.validator.validate(&alone, ValidationMode::Strict);
        let errors = result
            .validation_errors()
            .map(|error| located(file, &DetailedError::from(error), span));
        let warnings = result
            .validation_warnings()
            .map(|warning| located(file, &DetailedError::from(warning), span));
        let before = self.problems.len();
        self.problems.extend(errors.chain(warnings));
        self.problems.len() == before
    }

    fn problem(&mut self, file: &str, code: &'static str, message: Text, span: Option<Span>) {
        let diagnostic = Diagnostic::error(code, message);
        let diagnostic = match span {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        };
        self.problems.push(Located {
            file: file.to_owned(),
            diagnostic,
        });
    }
}

/// Where a rule stands in its file.
fn place(policy: &Policy, text: &str) -> Option<Span> {
    let written = policy.to_cedar()?;
    let start = text.find(&written)?;
    Some(Span::new(start, start.saturating_add(written.len())))
}

fn located(file: &str, error: &DetailedError, rule: Option<Span>) -> Located {
    let message = Text::new(
        format!("権限の決まりとして読めません({})", error.message),
        format!("not readable as access rules: {}", error.message),
    );
    let place = error
        .source_locations
        .first()
        .map(|label| Span::new(label.loc.start, label.loc.end));
    let diagnostic = Diagnostic::error("unreadable-rules", message);
    let diagnostic = match place.or(rule) {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    };
    Located {
        file: file.to_owned(),
        diagnostic,
    }
}

/// The acts and things of the schema that this program does not know, and the other way round; for a test.
#[cfg(test)]
pub(super) fn unknown(schema: &Schema) -> Vec<String> {
    let acts: BTreeSet<String> = schema
        .request_envs()
        .map(|environment| environment.action().id().unescaped().to_owned())
        .collect();
    let known: BTreeSet<String> = Act::ALL.iter().map(|act| act.name().to_owned()).collect();
    acts.symmetric_difference(&known).cloned().collect()
}
