//! Office Open XML (ISO/IEC 29500): Word, Excel and PowerPoint files since 2007, rebuilt part by part.
//!
//! ```text
//! package ──► main part ──► its relationships ──► parts of known kinds ──► elements and attributes of the vocabulary ──► new package
//! ```
//!
//! Nothing is copied but text, numbers and pixels: names of parts, relationships, content types, elements and attributes are the
//! writer's own. What the [`kind`] list, the [`vocabulary`] or the [`rules`] do not name is not carried over.
//!
//! * [`package`]: the parts of a file, their content types and relationships.
//! * [`kind`]: kinds of parts that are carried over, and what the others are.
//! * [`vocabulary`]: the elements and attributes that are carried over (`names/*.txt`), under both of their namespaces.
//! * [`rules`]: elements that need more than a name.
//! * [`field`], [`formula`]: what fields and formulas may do.
//! * [`part`]: one part, element by element; [`scope`], [`output`]: its namespaces, and what is written of it.
//! * [`links`]: what the relationships of a part become.
//! * [`boxes`]: the boxes of a sheet's comments.
//! * [`assembly`]: all of it.

mod assembly;
mod boxes;
mod field;
mod formula;
mod kind;
mod links;
mod output;
mod package;
mod part;
mod rules;
mod scope;
mod vocabulary;

pub(crate) use kind::Family;
pub(crate) use package::family;

use crate::job::Job;
use crate::refusal::Reason;
use crate::zip::Archive;

/// Rebuilds a file of a family.
pub(crate) fn rebuild(job: &mut Job<'_>, archive: &Archive<'_>, family: Family) -> Result<Vec<u8>, Reason> {
    if archive.stray > 0 {
        job.found(crate::class::Class::StrayBytes)?;
    }
    let package = package::Package::read(archive, job)?;
    assembly::Assembly::build(&package, family, job)
}
