//! The standard, shipped or with a city's own duties on top, checked as a whole.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use model::diagnostic::{Diagnostic, Located, Severity};
use model::lang::Text;
use policy::concept::Concepts;
use policy::criterion::City;
use policy::facts::Schema;
use policy::judge::Standing;
use policy::standard::{self, CompiledStandard, Pair, Side, SourceFile, Standard, shipped_pairs};
use register::Kind;

use crate::city;
use crate::problem::Problem;
use crate::sources::{self, SourceBytes};

/// A standard without a city's registers.
pub struct StandardFolder {
    /// The shipped duties, with the city's own on top where there is a city.
    pub standard: Standard,
    /// The registers that duties may ask about.
    pub kinds: Vec<Kind>,
    /// The files of test pairs.
    pub pairs: Vec<SourceFile>,
}

/// What a check of a standard found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Errors and warnings.
    pub remarks: Vec<Located>,
    /// How many duties have a test pair.
    pub paired: usize,
}

impl Checked {
    /// How many remarks are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.remarks
            .iter()
            .filter(|remark| remark.diagnostic.severity == Severity::Error)
            .count()
    }
}

impl StandardFolder {
    /// Reads the shipped standard, with that of a city folder on top.
    ///
    /// # Errors
    /// Every problem of the city's schemas and duties.
    pub fn read(dir: Option<&Path>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut files = |folder: &str, extension: &str| -> Vec<SourceBytes> {
            dir.map_or_else(Vec::new, |dir| sources::files(dir, folder, &[extension], &mut problems))
        };
        let (schemas, own, own_pairs) = (
            files("schemas", "json"),
            files("standard", "toml"),
            files("standard/tests", "toml"),
        );
        let kinds = city::kinds(&schemas, &mut problems);
        let standard = city::standard(&own, &mut problems);
        let mut pairs = shipped_pairs();
        pairs.extend(city::texts(&own_pairs, &mut problems));
        match standard {
            Some(standard) if problems.is_empty() => Ok(Self { standard, kinds, pairs }),
            _ => Err(problems),
        }
    }

    /// The text of one of its files.
    #[must_use]
    pub fn source(&self, file: &str) -> &str {
        let mut sources = self.standard.sources.iter().chain(&self.pairs);
        sources
            .find(|source| source.name == file)
            .map_or("", |source| source.text.as_str())
    }

    /// How many duties the registers alone decide.
    #[must_use]
    pub fn decided_by_data(&self) -> usize {
        self.standard
            .duties
            .iter()
            .filter(|duty| duty.criterion.is_decided_by_data())
            .count()
    }

    /// Checks every expression against the registers, and judges both halves of every test pair.
    ///
    /// A duty that data decides and that has no pair, a half that does not come out as it should, two duties that ask the
    /// same and a concept that does not exist are errors.
    #[must_use]
    pub fn check(&self) -> Checked {
        let schema = Arc::new(Schema {
            registers: self.kinds.iter().map(Kind::fact_schema).collect(),
        });
        let mut checker = Checker {
            remarks: match Concepts::shipped() {
                Ok(concepts) => standard::check(&self.standard, &concepts),
                Err(diagnostics) => diagnostics
                    .into_iter()
                    .map(|d| in_file("standard/concepts.toml", d))
                    .collect(),
            },
            paired: HashSet::new(),
        };
        match self.standard.compile(&schema) {
            Ok(compiled) => checker.pairs(self, &Arc::new(compiled)),
            Err(problems) => checker.remarks.extend(problems),
        }
        Checked {
            remarks: checker.remarks,
            paired: checker.paired.len(),
        }
    }
}

struct Checker {
    remarks: Vec<Located>,
    paired: HashSet<String>,
}

impl Checker {
    fn pairs(&mut self, folder: &StandardFolder, compiled: &Arc<CompiledStandard>) {
        let parameters = folder.standard.parameters.iter();
        let defaults = City {
            model: "alpha".to_owned(),
            parameters: parameters.filter_map(|p| Some((p.name.clone(), p.default?))).collect(),
        };
        for file in &folder.pairs {
            match Pair::read(file, &defaults) {
                Ok(pairs) => pairs.iter().for_each(|pair| self.pair(pair, compiled, &file.name)),
                Err(problem) => self.remarks.push(problem),
            }
        }
        for duty in &folder.standard.duties {
            let needed = duty.criterion.is_decided_by_data() && duty.disabled.is_none();
            if needed && !self.paired.contains(&duty.id) {
                let message = Text::new(
                    format!("遵守事項 `{}` を守る例と破る例がない", duty.id),
                    format!("duty `{}` has no pair of facts that keep and break it", duty.id),
                );
                let file = folder
                    .standard
                    .sources
                    .get(duty.origin.file)
                    .map_or("", |source| source.name.as_str());
                let diagnostic = Diagnostic::error("no-pair", message).at(duty.origin.span);
                self.remarks.push(in_file(file, diagnostic));
            }
        }
    }

    fn pair(&mut self, pair: &Pair, compiled: &Arc<CompiledStandard>, file: &str) {
        let mut refuse = |code, message| {
            self.remarks
                .push(in_file(file, Diagnostic::error(code, message).at(pair.span())));
        };
        match pair.judge(compiled) {
            Err(message) => refuse("pair", message),
            Ok(outcomes) => {
                for outcome in outcomes {
                    let (side, wanted) = match outcome.side {
                        Side::Keep => ("keep", Standing::Kept),
                        Side::Break => ("break", Standing::Broken),
                    };
                    if outcome.standing != wanted {
                        let (found, why) = (outcome.standing.label(), outcome.reason.unwrap_or_default());
                        let message = Text::new(
                            format!("`{}` の {side} は「{}」になる: {}", outcome.duty, found.ja, why.ja),
                            format!("`{side}` of `{}` is {}: {}", outcome.duty, found.en, why.en),
                        );
                        refuse("pair", message);
                    }
                }
            }
        }
        if !self.paired.insert(pair.duty.clone()) {
            let message = Text::new(
                format!("`{}` の対が二つある", pair.duty),
                format!("two pairs for `{}`", pair.duty),
            );
            self.remarks.push(in_file(
                file,
                Diagnostic::error("duplicate-pair", message).at(pair.span()),
            ));
        }
    }
}

fn in_file(file: &str, diagnostic: Diagnostic) -> Located {
    Located {
        file: file.to_owned(),
        diagnostic,
    }
}
