//! A city: its settings, its registers, its standard and its policy, read from their [sources](Sources).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use model::diagnostic::{Diagnostic, Located, Severity};
use model::lang::Text;
use policy::bind::Binding;
use policy::concept::Concepts;
use policy::facts::{Facts, Record, Schema};
use policy::judge::Judge;
use policy::standard::{CompiledStandard, SourceFile, Standard, shipped_chapters, shipped_parameters};
use policy::text::Document;
use register::{Entry, Kind};

use crate::problem::Problem;
use crate::settings::Settings;
use crate::sources::{SETTINGS, SourceBytes, Sources, read_settings};

/// What a city decided for itself, read and checked as a whole.
pub struct City {
    /// `city.toml`
    pub settings: Settings,
    /// The registers that the city may keep.
    pub kinds: Vec<Kind>,
    /// The shipped standard with the city's own on top.
    pub standard: Standard,
    /// What may be bound.
    pub concepts: Concepts,
    /// The policy, its clauses bound.
    pub document: Document,
    /// How they were bound.
    pub binding: Binding,
    /// The file of the policy, as given.
    pub policy_file: String,
}

impl City {
    /// # Errors
    /// Every problem of every source at once.
    pub fn read(sources: &Sources) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let draft = Draft::read(sources, &mut problems)?;
        draft.finish(problems)
    }

    /// The register with this slug.
    #[must_use]
    pub fn kind(&self, slug: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.slug == slug)
    }

    /// The registers as criteria see them, and the standard compiled against them.
    ///
    /// # Errors
    /// Every expression of the city's own standard that does not fit its registers.
    pub fn compile(&self) -> Result<(Arc<Schema>, Arc<CompiledStandard>), Vec<Problem>> {
        let schema = Arc::new(Schema {
            registers: self.kinds.iter().map(Kind::fact_schema).collect(),
        });
        let compiled = self
            .standard
            .compile(&schema)
            .map_err(|located| self.standard_problems(located))?;
        let remarks = policy::standard::check(&self.standard, &self.concepts);
        let errors = remarks
            .into_iter()
            .filter(|remark| remark.diagnostic.severity == Severity::Error);
        let errors: Vec<Located> = errors.collect();
        if errors.is_empty() {
            Ok((schema, Arc::new(compiled)))
        } else {
            Err(self.standard_problems(errors))
        }
    }

    /// Judges the rows of the registers, by slug, at `today`.
    ///
    /// # Errors
    /// Those of [`City::compile`].
    pub fn judge(&self, entries: &BTreeMap<String, Vec<Entry>>, today: Date) -> Result<Judge, Vec<Problem>> {
        let (schema, compiled) = self.compile()?;
        let registers = self.kinds.iter().enumerate();
        let delivered = registers.filter_map(|(position, kind)| {
            let entries = entries.get(&kind.slug)?;
            let records: Vec<Record> = entries
                .iter()
                .map(|entry| kind.record(entry, &self.settings.schemes))
                .collect();
            Some((position, records))
        });
        let (facts, _) = Facts::new(schema, delivered.collect());
        Ok(Judge::new(compiled, facts, self.settings.city.clone(), today))
    }

    fn standard_problems(&self, located: Vec<Located>) -> Vec<Problem> {
        with_sources(located, &self.standard.sources)
    }
}

/// A city that may have problems, while its registers are read beside it so that all problems are told together.
pub(crate) struct Draft<'s> {
    sources: &'s Sources,
    pub(crate) settings: Settings,
    pub(crate) kinds: Vec<Kind>,
    standard: Option<Standard>,
    concepts: Option<Concepts>,
    document: Option<Document>,
}

impl<'s> Draft<'s> {
    /// Reads every source, and keeps what is wrong with each.
    ///
    /// # Errors
    /// `city.toml` is not right: without it nothing else can be read.
    pub(crate) fn read(sources: &'s Sources, problems: &mut Vec<Problem>) -> Result<Self, Vec<Problem>> {
        Ok(Self {
            settings: read_settings(&sources.settings)?,
            kinds: kinds(&sources.schemas, problems),
            standard: standard(&sources.standard, problems),
            concepts: concepts(problems),
            document: document(&sources.policy, problems),
            sources,
        })
    }

    /// The city, unless there was any problem.
    ///
    /// # Errors
    /// The problems so far, or those of the binding.
    pub(crate) fn finish(self, mut problems: Vec<Problem>) -> Result<City, Vec<Problem>> {
        let (Some(standard), Some(concepts), Some(mut document)) = (self.standard, self.concepts, self.document) else {
            return Err(problems);
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let overrides = if self.sources.own_policy {
            self.settings.bind.clone()
        } else {
            BTreeMap::new()
        };
        let binding = policy::bind::bind(&mut document, &concepts, &overrides);
        let errors = binding
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error);
        problems.extend(errors.map(|diagnostic| Problem::whole(SETTINGS, diagnostic.clone())));
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(City {
            settings: self.settings,
            kinds: self.kinds,
            standard,
            concepts,
            document,
            binding,
            policy_file: self.sources.policy.name.clone(),
        })
    }
}

/// The registers of every city, with what this one adds.
pub(crate) fn kinds(schemas: &[SourceBytes], problems: &mut Vec<Problem>) -> Vec<Kind> {
    let mut kinds = registers::all();
    for file in schemas {
        let source = String::from_utf8_lossy(&file.bytes).into_owned();
        if let Err(diagnostics) = register::local::apply(&mut kinds, &source) {
            problems.extend(diagnostics.into_iter().map(|diagnostic| Problem {
                source: Some(source.as_str().into()),
                ..Problem::whole(&file.name, diagnostic)
            }));
        }
    }
    kinds
}

/// The shipped standard with the city's own files on top.
pub(crate) fn standard(own: &[SourceBytes], problems: &mut Vec<Problem>) -> Option<Standard> {
    let own = texts(own, problems);
    let sources: Vec<SourceFile> = shipped_chapters().into_iter().chain(own.iter().cloned()).collect();
    let read = shipped_parameters().and_then(|parameters| Standard::read(shipped_chapters(), own, parameters));
    read.map_err(|located| problems.extend(with_sources(located, &sources)))
        .ok()
}

/// The files as texts, without those that are none.
pub(crate) fn texts(files: &[SourceBytes], problems: &mut Vec<Problem>) -> Vec<SourceFile> {
    let mut texts = Vec::new();
    for file in files {
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => texts.push(SourceFile {
                name: file.name.clone(),
                text: text.to_owned(),
            }),
            Err(error) => {
                let at = error.valid_up_to();
                let message = Text::new(
                    format!("UTF-8 でない({at}バイト目)"),
                    format!("not UTF-8 (at byte {at})"),
                );
                problems.push(Problem::whole(&file.name, Diagnostic::error("encoding", message)));
            }
        }
    }
    texts
}

fn concepts(problems: &mut Vec<Problem>) -> Option<Concepts> {
    let read = Concepts::shipped();
    read.map_err(|diagnostics| {
        let told = diagnostics
            .into_iter()
            .map(|diagnostic| Problem::whole("standard/concepts.toml", diagnostic));
        problems.extend(told);
    })
    .ok()
}

fn document(policy: &SourceBytes, problems: &mut Vec<Problem>) -> Option<Document> {
    policy::text::read::read_document(&policy.name, &policy.bytes)
        .map_err(|diagnostic| problems.push(Problem::whole(&policy.name, diagnostic)))
        .ok()
}

fn with_sources(located: Vec<Located>, sources: &[SourceFile]) -> Vec<Problem> {
    let problem = |located: Located| {
        let source = sources.iter().find(|source| source.name == located.file);
        let text = source.map_or("", |source| source.text.as_str());
        Problem::located(located, text)
    };
    located.into_iter().map(problem).collect()
}
