//! What a request is about, and whether the city has what it names. An applicant hears of a wrong key when they submit, not the one
//! who approves it weeks later.

use std::collections::BTreeMap;

use approval::kind::{Effect, Fault, Field, FieldKind, Kind, Scale};
use approval::request::Subject;
use model::lang::{Lang, Text};
use register::Found;
use serde_json::{Map, Value};

use crate::hall::{Hall, Refusal, collection};

impl Hall {
    /// Everything that keeps a request of this kind from being submitted today, by field.
    ///
    /// # Errors
    /// [`Refusal::NoCity`]; the database fails.
    pub fn request_faults(&self, kind: &Kind, payload: &Map<String, Value>) -> Result<Vec<Fault>, Refusal> {
        let mut faults = kind.faults(payload, self.clock.today());
        for field in &kind.fields {
            let named = payload.get(&field.name).and_then(Value::as_str);
            let known = faults.iter().any(|fault| fault.field == field.name);
            if let Some(named) = named.filter(|_| !known) {
                let wrong = match self.unknown(kind, field, named)? {
                    None => self.still_referred(kind, field, named)?,
                    unknown => unknown,
                };
                faults.extend(wrong.map(|message| fault(&field.name, message)));
            }
        }
        if faults.is_empty() {
            faults.extend(self.row_fault(payload)?);
        }
        Ok(faults)
    }

    /// The entry that a request is about, with whoever answers for it.
    pub(super) fn subject_of(&self, kind: &Kind, payload: &Map<String, Value>) -> Result<Option<Subject>, Refusal> {
        let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default();
        let of_effect = kind.effects.iter().find_map(|effect| {
            let of = effect.of()?;
            match &kind.field(of)?.kind {
                FieldKind::Reference { register } => Some((register.clone(), text(of).to_owned())),
                _ => None,
            }
        });
        let of_row =
            || (!text("subject").is_empty()).then(|| (text("register").to_owned(), text("subject").to_owned()));
        let of_system = || (!text("system").is_empty()).then(|| ("system".to_owned(), text("system").to_owned()));
        let Some((register, key)) = of_effect.or_else(of_row).or_else(of_system) else {
            return Ok(None);
        };
        let Some(entry) = self.store.entry(&register, &key)? else {
            return Ok(None);
        };
        let of = |field: &str| entry.document.get(field).and_then(Value::as_str).map(str::to_owned);
        let system = if register == "system" {
            Some(key.clone())
        } else {
            of("system")
        };
        let section = match of("section") {
            Some(section) => Some(section),
            None => self.section_of_system(system.as_deref())?,
        };
        Ok(Some(Subject {
            register,
            key,
            section,
            system,
        }))
    }

    fn section_of_system(&self, system: Option<&str>) -> Result<Option<String>, Refusal> {
        let Some(system) = system else { return Ok(None) };
        let entry = self.store.entry("system", system)?;
        Ok(entry.and_then(|entry| entry.document.get("section")?.as_str().map(str::to_owned)))
    }

    /// What is wrong with the key of something that the city should have.
    fn unknown(&self, kind: &Kind, field: &Field, named: &str) -> Result<Option<Text>, Refusal> {
        let graded = kind.grade.as_ref().filter(|grade| grade.of == field.name);
        if graded.is_some_and(|grade| grade.scale == Scale::Severity) {
            let known = self
                .snapshot()
                .is_some_and(|snapshot| snapshot.position(named).is_some());
            return Ok((!known).then_some(Text::fixed("この番号の遵守事項はありません", "there is no such duty")));
        }
        let FieldKind::Reference { register } = &field.kind else {
            return Ok(None);
        };
        if register == collection::TEXT {
            let known = self.store.entry(register, named)?.is_some();
            return Ok((!known).then_some(Text::fixed(
                "この文書の本文が登録されていません",
                "this document has no text",
            )));
        }
        self.with_words(|words| match words.find(register, named) {
            Found::One(key) if key == named => None,
            Found::Unknown => None,
            Found::One(_) | Found::Several(_) | Found::Nothing(_) => Some(Text::fixed(
                "台帳にありません。番号を確かめてください",
                "it is not in the register; check its key",
            )),
        })
    }

    /// What an approval would take out of use, while rows in use refer to it: those are to be changed first, and whoever asks hears it
    /// now. Rows are counted and not named, since an applicant may not know of all of them.
    fn still_referred(&self, kind: &Kind, field: &Field, named: &str) -> Result<Option<Text>, Refusal> {
        const COUNTED: usize = 200;
        let retires = kind.effects.iter().find_map(|effect| match effect {
            Effect::Retire { register, of } if *of == field.name => Some(register),
            _ => None,
        });
        let Some(register) = retires else { return Ok(None) };
        let city = self.city().ok_or(Refusal::NoCity)?;
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for referrer in self.store.referring(register, named, COUNTED)? {
            if !(referrer.retired || (referrer.register == *register && referrer.key == named)) {
                let count = counts.entry(referrer.register).or_default();
                *count = count.saturating_add(1);
            }
        }
        if counts.is_empty() {
            return Ok(None);
        }
        let said = |lang: Lang| {
            let of_each = counts.iter().map(|(slug, count)| {
                let label = city.kind(slug).map_or(slug.as_str(), |kind| kind.label.get(lang));
                match lang {
                    Lang::Ja => format!("{label}{count}件"),
                    Lang::En => format!("{count} of {label}"),
                }
            });
            of_each
                .collect::<Vec<_>>()
                .join(if lang == Lang::Ja { "、" } else { ", " })
        };
        Ok(Some(Text::new(
            format!(
                "使用中の行から参照されています({})。先にその行を直してから申請してください",
                said(Lang::Ja)
            ),
            format!(
                "rows in use refer to it ({}); change those before you ask",
                said(Lang::En)
            ),
        )))
    }

    /// A row is named by its register and its key, both or neither.
    fn row_fault(&self, payload: &Map<String, Value>) -> Result<Option<Fault>, Refusal> {
        let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default();
        let (register, key) = (text("register"), text("subject"));
        if register.is_empty() && key.is_empty() {
            return Ok(None);
        }
        let city = self.city().ok_or(Refusal::NoCity)?;
        if city.kind(register).is_none() {
            let message = Text::fixed("この名前の台帳はありません", "there is no such register");
            return Ok(Some(fault("register", message)));
        }
        let found = self.store.entry(register, key)?;
        let message = Text::fixed("この番号の行は台帳にありません", "the register has no row of this key");
        Ok(found.is_none().then(|| fault("subject", message)))
    }
}

fn fault(field: &str, message: Text) -> Fault {
    Fault {
        field: field.to_owned(),
        message,
    }
}
