//! The parts of a file, their content types and relationships.
//!
//! Source: ISO/IEC 29500-2 (Open Packaging Conventions), 6 and 7.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;

use super::kind::{self, Family, Kind};
use crate::job::Job;
use crate::limits::{Budget, Limits};
use crate::refusal::{Reason, malformed};
use crate::xml;
use crate::zip::{Archive, Entry};

pub(super) const CONTENT_TYPES: &str = "[content_types].xml";

/// The parts of a file.
#[derive(Debug)]
pub(super) struct Package<'a> {
    archive: &'a Archive<'a>,
    /// Entries by their paths in lower case, without the first slash: names of parts are told apart without case.
    parts: FxHashMap<String, usize>,
    types: Types,
}

/// A relationship.
#[derive(Debug)]
pub(super) struct Relationship {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) target: Target,
}

/// Where a relationship leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To a part of the file, by its path in lower case.
    Part(String),
    /// Outside.
    External(String),
}

#[derive(Debug, Default)]
struct Types {
    defaults: FxHashMap<String, String>,
    overrides: FxHashMap<String, String>,
}

/// Which program a container is for; nothing if it is no such package. Only the content types are looked at.
pub(crate) fn family(archive: &Archive<'_>) -> Option<Family> {
    let entry = archive.entries.iter().find(|entry| is_content_types(entry))?;
    let mut budget = Budget::new(Limits::default());
    let types = archive.decode(entry, &mut budget).ok()?;
    let types = Types::read(&xml::text(&types).ok()?).ok()?;
    types
        .overrides
        .values()
        .chain(types.defaults.values())
        .find_map(|content| Some(Kind::main(content)?.1))
}

/// Does a container say that its parts have content types?
fn is_content_types(entry: &Entry<'_>) -> bool {
    std::str::from_utf8(entry.name).is_ok_and(|name| path(name) == CONTENT_TYPES)
}

impl<'a> Package<'a> {
    pub(super) fn read(archive: &'a Archive<'a>, job: &mut Job<'_>) -> Result<Self, Reason> {
        job.budget.enter(archive.entries.len())?;
        let mut parts = FxHashMap::default();
        for (index, entry) in archive.entries.iter().enumerate().filter(|(_, entry)| !entry.folder()) {
            let name = std::str::from_utf8(entry.name)
                .map_err(|_| malformed("部品名がUTF-8でない", "a name of a part is not UTF-8"))?;
            if parts.insert(path(name), index).is_some() {
                return Err(malformed("同じ名前の部品が二つある", "a name of a part comes twice"));
            }
        }
        let mut package = Self {
            archive,
            parts,
            types: Types::default(),
        };
        let types = package.decode(CONTENT_TYPES, job)?;
        package.types = Types::read(&xml::text(&types)?)?;
        Ok(package)
    }

    /// The main part: where the relationship of the package leads.
    pub(super) fn main(&self, job: &mut Job<'_>) -> Result<(String, &'static Kind, bool), Reason> {
        let relationships = self.relationships("", job)?;
        let mut mains = relationships
            .iter()
            .filter(|relationship| kind::short_relationship(&relationship.kind) == "officeDocument");
        let main = mains
            .next()
            .ok_or_else(|| malformed("本体の部品がない", "the main part is missing"))?;
        if mains.next().is_some() {
            return Err(malformed("本体の部品が二つある", "there are two main parts"));
        }
        let Target::Part(path) = &main.target else {
            return Err(malformed(
                "本体の部品がファイルの外にある",
                "the main part lies outside",
            ));
        };
        let kind = Kind::main(self.content_type(path))
            .ok_or_else(|| malformed("本体の種類が分からない", "the kind of the main part is not known"))?;
        Ok((path.clone(), kind.0, kind::strict(&main.kind)))
    }

    /// Paths of all parts.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        let mut paths: Vec<_> = self.parts.iter().collect();
        paths.sort_by_key(|(_, index)| **index);
        paths.into_iter().map(|(path, _)| path.as_str())
    }

    pub(super) fn holds(&self, path: &str) -> bool {
        self.parts.contains_key(path)
    }

    /// The content type of a part; empty if none is declared.
    pub(super) fn content_type(&self, path: &str) -> &str {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let declared = self
            .types
            .overrides
            .get(path)
            .or_else(|| self.types.defaults.get(extension));
        declared.map_or("", String::as_str)
    }

    /// The bytes of a part.
    pub(super) fn decode(&self, path: &str, job: &mut Job<'_>) -> Result<Vec<u8>, Reason> {
        let entry = self.parts.get(path).and_then(|index| self.archive.entries.get(*index));
        let entry = entry.ok_or_else(|| malformed("必要な部品がない", "a part that is needed is missing"))?;
        self.archive.decode(entry, &mut job.budget)
    }

    /// The relationships of a part; of the package itself for an empty path.
    pub(super) fn relationships(&self, part: &str, job: &mut Job<'_>) -> Result<Vec<Relationship>, Reason> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let path = if folder.is_empty() {
            format!("_rels/{name}.rels")
        } else {
            format!("{folder}/_rels/{name}.rels")
        };
        if !self.holds(&path) {
            return Ok(Vec::new());
        }
        let bytes = self.decode(&path, job)?;
        let mut relationships = Vec::new();
        elements(&xml::text(&bytes)?, |start| {
            if start.local_name().as_ref() != "Relationship" {
                return Ok(());
            }
            let [id, kind, target, mode] = attributes(start, ["Id", "Type", "Target", "TargetMode"])?;
            let target = if mode.eq_ignore_ascii_case("external") {
                Target::External(target)
            } else {
                inside(folder, &target)
            };
            relationships.push(Relationship { id, kind, target });
            Ok(())
        })?;
        Ok(relationships)
    }
}

/// A target that should be a part; one that leads elsewhere is external, whatever its mode says.
fn inside(folder: &str, target: &str) -> Target {
    let bare = target.split('#').next().unwrap_or_default();
    let schemed = bare.split(['/', '\\']).next().is_some_and(|first| first.contains(':'));
    if schemed || bare.starts_with("//") || bare.starts_with("\\\\") {
        return Target::External(target.to_owned());
    }
    let bare = bare.replace('\\', "/");
    let mut parts: Vec<&str> = if bare.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|part| !part.is_empty()).collect()
    };
    for part in bare.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Target::Part(path(&parts.join("/")))
}

/// A path as parts are told apart by: without the first slash, in lower case, with percent signs resolved.
fn path(name: &str) -> String {
    let name = name.replace('\\', "/");
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.trim_start_matches('/').as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |digits: &[u8]| {
            std::str::from_utf8(digits)
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok())
        };
        match (first, after.get(..2).and_then(hex)) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).to_lowercase()
}

impl Types {
    fn read(text: &str) -> Result<Self, Reason> {
        let mut types = Self::default();
        elements(text, |start| {
            match start.local_name().as_ref() {
                "Default" => {
                    let [extension, content] = attributes(start, ["Extension", "ContentType"])?;
                    types.defaults.insert(extension.to_lowercase(), content);
                }
                "Override" => {
                    let [part, content] = attributes(start, ["PartName", "ContentType"])?;
                    types.overrides.insert(path(&part), content);
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(types)
    }
}

/// Shows every element of a small part.
fn elements(text: &str, mut show: impl FnMut(&BytesStart<'_>) -> Result<(), Reason>) -> Result<(), Reason> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(|_| xml::broken())? {
            Event::Start(start) | Event::Empty(start) => show(&start)?,
            Event::DocType(_) => return Err(xml::document_type()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The values of attributes by their names; empty where there is none.
fn attributes<const N: usize>(start: &BytesStart<'_>, names: [&str; N]) -> Result<[String; N], Reason> {
    let mut values = [const { String::new() }; N];
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| xml::broken())?;
        let at = names
            .iter()
            .position(|name| *name == attribute.key.local_name().as_ref());
        if let Some(value) = at.and_then(|at| values.get_mut(at)) {
            *value = xml::resolved(&attribute.value)?.into_owned();
        }
    }
    Ok(values)
}
