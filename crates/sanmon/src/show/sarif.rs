//! SARIF 2.1.0 (OASIS): findings for code-scanning tools.

use model::lang::Lang;
use policy::judge::{Finding, Standing, Verdict};
use policy::standard::Gravity;
use serde_json::{Value, json};
use service::report::{Places, place_of};

/// One run with a rule for every duty that has a finding, and a result for every finding.
pub(crate) fn sarif(verdicts: &[&Verdict<'_>], places: &dyn Places, lang: Lang) -> Value {
    let found: Vec<&&Verdict<'_>> = verdicts.iter().filter(|verdict| !verdict.findings.is_empty()).collect();
    let rules: Vec<Value> = found.iter().map(|verdict| rule(verdict, lang)).collect();
    let results = found.iter().enumerate().flat_map(|(index, verdict)| {
        verdict
            .findings
            .iter()
            .map(move |finding| result(index, verdict, finding, places, lang))
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "sanmon",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<Value>>(),
        }],
    })
}

fn rule(verdict: &Verdict<'_>, lang: Lang) -> Value {
    json!({
        "id": verdict.duty.id,
        "shortDescription": { "text": verdict.duty.title.get(lang) },
        "help": { "text": verdict.duty.remedy.get(lang) },
        "properties": { "concept": verdict.duty.concept, "owes": verdict.duty.owes },
    })
}

fn result(rule: usize, verdict: &Verdict<'_>, finding: &Finding, places: &dyn Places, lang: Lang) -> Value {
    let (kind, level) = match (finding.standing, verdict.duty.severity) {
        (Standing::Broken, Gravity::High) => ("fail", "error"),
        (Standing::Broken, Gravity::Medium) => ("fail", "warning"),
        (Standing::Broken, Gravity::Low) => ("fail", "note"),
        _ => ("open", "none"),
    };
    let mut result = json!({
        "ruleId": verdict.duty.id,
        "ruleIndex": rule,
        "kind": kind,
        "level": level,
        "message": { "text": format!("{}: {}", finding.subject.get(lang), finding.reason.get(lang)) },
    });
    let Some(object) = result.as_object_mut() else {
        return result;
    };
    if let Some(place) = place_of(finding, places) {
        let mut location = json!({ "physicalLocation": { "artifactLocation": { "uri": place.file } } });
        if let (Some(line), Some(physical)) = (
            place.line,
            location.get_mut("physicalLocation").and_then(Value::as_object_mut),
        ) {
            physical.insert(
                "region".to_owned(),
                json!({ "startLine": line, "startColumn": place.column.unwrap_or(1) }),
            );
        }
        object.insert("locations".to_owned(), json!([location]));
    }
    if finding.standing == Standing::Excepted {
        let until = finding.excepted_until.map(|until| until.to_string());
        object.insert(
            "suppressions".to_owned(),
            json!([{ "kind": "external", "status": "accepted", "justification": until }]),
        );
    }
    result
}
