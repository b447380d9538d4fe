//! What the relationships of a part become.

use rustc_hash::FxHashMap;

use super::assembly::Assembly;
use super::kind::{self, Build, Kind};
use super::package::{Relationship, Target};
use crate::class::{Action, Class};
use crate::job::Job;
use crate::refusal::Reason;

/// What becomes of a relationship that an element names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resolved {
    /// It is written under this identifier.
    Kept(String),
    /// It is not there, or leads to nothing that is carried over.
    Gone,
}

/// A relationship as it is written.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) target: String,
    pub(super) external: bool,
}

/// The relationships of the part that is being written.
#[derive(Debug)]
pub(super) struct Links<'l, 'a> {
    assembly: &'l mut Assembly<'a>,
    relationships: &'l [Relationship],
    resolved: FxHashMap<String, Resolved>,
    written: Vec<Link>,
}

impl<'l, 'a> Links<'l, 'a> {
    pub(super) fn new(assembly: &'l mut Assembly<'a>, relationships: &'l [Relationship]) -> Self {
        Self {
            assembly,
            relationships,
            resolved: FxHashMap::default(),
            written: Vec::new(),
        }
    }

    /// What becomes of a relationship, asked by its identifier. Asked twice, it is written once.
    pub(super) fn resolve(&mut self, job: &mut Job<'_>, id: &str) -> Result<Resolved, Reason> {
        // PowerPoint writes an empty one where an action needs none.
        if id.is_empty() {
            return Ok(Resolved::Kept(String::new()));
        }
        if let Some(resolved) = self.resolved.get(id) {
            return Ok(resolved.clone());
        }
        let relationship = self.relationships.iter().find(|relationship| relationship.id == id);
        let target = match relationship {
            Some(relationship) => self.target(job, relationship)?,
            None => {
                job.found(Class::Dangling)?;
                None
            }
        };
        let resolved = target.map_or(Resolved::Gone, |target| self.write(target));
        self.resolved.insert(id.to_owned(), resolved.clone());
        Ok(resolved)
    }

    /// Keeps the relationships that readers look for by their types, and tells of those outside that nothing asked for.
    pub(super) fn finish(mut self, job: &mut Job<'_>, part: &Kind) -> Result<Vec<Link>, Reason> {
        for relationship in self.relationships {
            match &relationship.target {
                Target::Part(path) => {
                    let kind = self.assembly.kind(path, &relationship.kind);
                    // Notes lead back to their slide, and only so.
                    let back = part.root == "p:notes" && kind::short_relationship(&relationship.kind) == "slide";
                    if kind.is_some_and(|kind| kind.implicit || back) {
                        self.resolve(job, &relationship.id)?;
                    }
                }
                Target::External(_) if !self.resolved.contains_key(&relationship.id) => {
                    job.found(external(&relationship.kind))?;
                }
                Target::External(_) => {}
            }
        }
        Ok(self.written)
    }

    /// Where a relationship leads in what is written: its type, its target, whether that is outside.
    fn target(
        &mut self,
        job: &mut Job<'_>,
        relationship: &Relationship,
    ) -> Result<Option<(String, String, bool)>, Reason> {
        let strict = self.assembly.strict;
        match &relationship.target {
            Target::External(address) => {
                let class = external(&relationship.kind);
                let action = job.found(class)?;
                if class == Class::RemotePicture {
                    let path = self.assembly.blank()?;
                    return Ok(Some((kind::relationship("image", strict), format!("/{path}"), false)));
                }
                let kept = (class == Class::Hyperlink && action == Action::Rebuild)
                    .then(|| link(address))
                    .flatten();
                Ok(kept.map(|address| (kind::relationship("hyperlink", strict), address, true)))
            }
            Target::Part(path) => {
                if !self.assembly.holds(path) {
                    job.found(Class::Dangling)?;
                    return Ok(None);
                }
                self.assembly.led(path, &relationship.kind);
                let Some(kind) = self.assembly.kind(path, &relationship.kind) else {
                    return Ok(None);
                };
                let path = match kind.build {
                    Build::Picture => self.assembly.picture(job, path)?,
                    Build::CommentBoxes => match self.comments() {
                        Some(comments) => self.assembly.plan(path, kind, Some(comments)),
                        None => return Ok(None),
                    },
                    Build::Xml | Build::EmptySheet(_) => self.assembly.plan(path, kind, None),
                };
                Ok(Some((kind.relationship(strict), format!("/{path}"), false)))
            }
        }
    }

    /// The part with the comments of the sheet that is being written.
    fn comments(&self) -> Option<String> {
        self.relationships
            .iter()
            .find_map(|relationship| match &relationship.target {
                Target::Part(path) if kind::short_relationship(&relationship.kind) == "comments" => Some(path.clone()),
                _ => None,
            })
    }

    fn write(&mut self, (kind, target, external): (String, String, bool)) -> Resolved {
        let id = format!("rId{}", self.written.len() + 1);
        self.written.push(Link {
            id: id.clone(),
            kind,
            target,
            external,
        });
        Resolved::Kept(id)
    }
}

/// What a relationship is that leads outside, by its type.
fn external(kind: &str) -> Class {
    match kind::short_relationship(kind) {
        "hyperlink" => Class::Hyperlink,
        "image" => Class::RemotePicture,
        "audio" | "video" | "http://schemas.microsoft.com/office/2007/relationships/media" => Class::Media,
        _ => Class::ExternalTarget,
    }
}

/// An address that a person may click: of the web, of mail, or a place of the file itself; nothing for any other.
fn link(address: &str) -> Option<String> {
    let address: String = address
        .trim()
        .chars()
        .filter(|character| !crate::name::misleads(*character) && !character.is_whitespace())
        .collect();
    let lower = address.to_ascii_lowercase();
    let allowed = ["http://", "https://", "mailto:", "#"]
        .iter()
        .any(|scheme| lower.starts_with(scheme));
    (allowed && address.len() <= 2_048).then_some(address)
}
