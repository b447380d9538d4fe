//! Elements that need more than a name: alternatives, fields, formulas, names that run.

use quick_xml::events::BytesStart;

use super::super::field::{self, Verdict};
use super::super::formula;
use super::super::rules::Rule;
use super::super::vocabulary::{Element, Known};
use super::{Entry, Open, Part};
use crate::class::{Action, Class};
use crate::refusal::Reason;
use crate::xml;

/// Fields of Word on the way through a part.
#[derive(Debug, Default)]
pub(super) struct Fields {
    verdicts: Vec<Verdict>,
    begun: usize,
    /// Fields that have begun and not ended: are they dropped, is their instruction over?
    open: Vec<(bool, bool)>,
}

impl Part<'_, '_, '_, '_> {
    /// What is done with an element that begins.
    pub(super) fn enter(&mut self, start: &BytesStart<'_>, element: &'static Element) -> Result<Entry, Reason> {
        let entry = match element.rule {
            Rule::Unwrap => Entry::Unwrap,
            Rule::As(name) => Entry::Write(name, false),
            Rule::Choice if !self.understood(start)? => Entry::Skip,
            Rule::Fallback => self.fall_back(element),
            Rule::WithParent(class, parent) => {
                self.job.found(class)?;
                self.drop_around(parent);
                Entry::Skip
            }
            Rule::InPlaceOf(class, parent) => {
                self.job.found(class)?;
                self.open_up(parent);
                Entry::Unwrap
            }
            Rule::DefinedName => self.defined_name(start, element)?,
            Rule::Sheet => {
                self.tell_hidden(start)?;
                Entry::Write(element.name, true)
            }
            Rule::SimpleField
                if self.told(value(start, "instr")?.as_deref().map_or(Verdict::Kept, field::verdict))? =>
            {
                Entry::Unwrap
            }
            Rule::FieldMark => self.field_mark(start, element)?,
            Rule::RunContent if self.fields.dropped(element.name.ends_with("nstrText")) => Entry::Skip,
            Rule::Comment => {
                self.job.found(Class::Comment)?;
                Entry::Write(element.name, true)
            }
            Rule::Change => {
                self.job.found(Class::TrackedChange)?;
                Entry::Write(element.name, true)
            }
            _ => Entry::Write(element.name, true),
        };
        Ok(entry)
    }

    /// Are all namespaces known that a branch requires?
    fn understood(&self, start: &BytesStart<'_>) -> Result<bool, Reason> {
        let requires = value(start, "Requires")?.unwrap_or_default();
        Ok(!requires.trim().is_empty()
            && requires
                .split_whitespace()
                .all(|prefix| matches!(self.scope.of(prefix), Known::Kept(_))))
    }

    /// Writes what a branch requires, with the prefixes that are written.
    pub(super) fn requires(&mut self, start: &BytesStart<'_>) {
        let requires = value(start, "Requires").ok().flatten().unwrap_or_default();
        let mut prefixes = Vec::new();
        for prefix in requires.split_whitespace() {
            if let Known::Kept(number) = self.scope.of(prefix)
                && let Some(namespace) = self.vocabulary.namespace(number)
            {
                self.out.uses(number);
                prefixes.push(namespace.prefix);
            }
        }
        self.out.attribute("Requires", &prefixes.join(" "));
    }

    /// Where no branch was kept, what is there for readers that know none takes the place of the whole.
    fn fall_back(&mut self, element: &'static Element) -> Entry {
        let index = self.open.len().saturating_sub(1);
        if self.open.last().is_some_and(|alternatives| alternatives.branches == 0) {
            self.take_back(index);
            return Entry::Unwrap;
        }
        Entry::Write(element.name, false)
    }

    fn defined_name(&mut self, start: &BytesStart<'_>, element: &'static Element) -> Result<Entry, Reason> {
        let name = value(start, "name")?.unwrap_or_default().to_ascii_lowercase();
        let runs = ["auto_open", "auto_close", "auto_activate", "auto_deactivate"];
        if runs
            .iter()
            .any(|word| name.trim_start_matches("_xlnm.").starts_with(word))
        {
            self.job.found(Class::MacroSheet)?;
            return Ok(Entry::Skip);
        }
        for flag in ["function", "vbProcedure", "xlm"] {
            if value(start, flag)?.is_some_and(|value| value == "1" || value == "true") {
                self.job.found(Class::Macro)?;
                return Ok(Entry::Skip);
            }
        }
        Ok(Entry::Write(element.name, true))
    }

    pub(super) fn tell_hidden(&mut self, start: &BytesStart<'_>) -> Result<(), Reason> {
        let state = value(start, "state")?.is_some_and(|state| state.to_ascii_lowercase().ends_with("hidden"));
        let show = value(start, "show")?.is_some_and(|show| show == "0" || show == "false");
        if state || show {
            self.job.found(Class::Hidden)?;
        }
        Ok(())
    }

    /// Is a field told and dropped?
    fn told(&mut self, verdict: Verdict) -> Result<bool, Reason> {
        match verdict {
            Verdict::Kept => Ok(false),
            Verdict::Told(class) => Ok(self.job.found(class)? == Action::Drop),
        }
    }

    fn field_mark(&mut self, start: &BytesStart<'_>, element: &'static Element) -> Result<Entry, Reason> {
        let kind = value(start, "fldCharType")?.unwrap_or_default();
        let inside = self.fields.inside_instruction();
        let dropped = match kind.trim() {
            "begin" => {
                let verdict = self
                    .fields
                    .verdicts
                    .get(self.fields.begun)
                    .copied()
                    .unwrap_or(Verdict::Kept);
                self.fields.begun += 1;
                let dropped = self.told(verdict)?;
                self.fields.open.push((dropped, false));
                dropped
            }
            "separate" => self.fields.open.last_mut().is_some_and(|(dropped, over)| {
                *over = true;
                *dropped
            }),
            _ => self.fields.open.pop().is_some_and(|(dropped, _)| dropped),
        };
        Ok(if dropped || inside {
            Entry::Skip
        } else {
            Entry::Write(element.name, true)
        })
    }

    /// May a formula that has just ended stay?
    pub(super) fn formula_stays(&mut self, open: &Open, empty: bool) -> Result<bool, Reason> {
        if empty {
            return Ok(!open
                .shared
                .as_ref()
                .is_some_and(|number| self.shared_formulas.contains(number)));
        }
        let formula = xml::resolved(self.out.since(open.content))?;
        let Some(class) = formula::fault(&formula) else {
            return Ok(true);
        };
        if self.job.found(class)? == Action::Rebuild {
            return Ok(true);
        }
        self.shared_formulas.extend(open.shared.clone());
        Ok(false)
    }
}

impl Fields {
    /// The fields of a part, with the verdict on each.
    pub(super) fn new(verdicts: Vec<Verdict>) -> Self {
        Self {
            verdicts,
            ..Self::default()
        }
    }

    /// Are we in the instruction of a field that is dropped?
    fn inside_instruction(&self) -> bool {
        self.open.iter().any(|(dropped, over)| *dropped && !over)
    }

    /// Does content of a run go: all of it inside an instruction that is dropped?
    fn dropped(&self, instruction: bool) -> bool {
        self.inside_instruction() || (instruction && self.open.last().is_some_and(|(dropped, _)| *dropped))
    }
}

/// The value of an attribute by its local name.
fn value(start: &BytesStart<'_>, local: &str) -> Result<Option<String>, Reason> {
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| xml::broken())?;
        if attribute.key.local_name().as_ref() == local {
            return Ok(Some(xml::resolved(&attribute.value)?.into_owned()));
        }
    }
    Ok(None)
}
