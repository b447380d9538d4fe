//! The new package while it grows: which parts are planned, which are built.

use rustc_hash::{FxHashMap, FxHashSet};

use super::kind::{self, Build, Family, Kind};
use super::links::{Link, Links};
use super::package::Package;
use super::{boxes, part};
use crate::class::{Action, Class};
use crate::job::Job;
use crate::picture;
use crate::refusal::{Reason, malformed};
use crate::xml;
use crate::zip::Writer;

const EMPTY_SHEET: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheetData/></x:worksheet>";

/// The new package.
#[derive(Debug)]
pub(super) struct Assembly<'a> {
    package: &'a Package<'a>,
    family: Family,
    pub(super) strict: bool,
    /// Parts in the order in which they were found and are built.
    planned: Vec<Planned>,
    /// Where a part of the old package is written, by its path.
    paths: FxHashMap<String, String>,
    /// How many parts of a kind there are, by the pattern of their paths.
    numbers: FxHashMap<&'static str, u32>,
    pictures: Vec<Built>,
    blank: Option<String>,
    /// Types of relationships that led to parts of no kind.
    led: FxHashMap<String, String>,
}

#[derive(Debug, Clone)]
struct Planned {
    source: String,
    path: String,
    kind: &'static Kind,
    /// The comments that boxes are drawn for.
    comments: Option<String>,
}

/// A part of the new package.
#[derive(Debug)]
struct Built {
    path: String,
    content_type: String,
    bytes: Vec<u8>,
    links: Vec<Link>,
}

impl<'a> Assembly<'a> {
    /// Builds the new package from its main part on.
    pub(super) fn build(package: &'a Package<'a>, family: Family, job: &mut Job<'_>) -> Result<Vec<u8>, Reason> {
        let (main, kind, strict) = package.main(job)?;
        let mut assembly = Self {
            package,
            family,
            strict,
            planned: Vec::new(),
            paths: FxHashMap::default(),
            numbers: FxHashMap::default(),
            pictures: Vec::new(),
            blank: None,
            led: FxHashMap::default(),
        };
        let main = assembly.plan(&main, kind, None);
        let (mut built, mut next) = (Vec::new(), 0);
        while let Some(planned) = assembly.planned.get(next).cloned() {
            next += 1;
            built.extend(job.at(&planned.source, |job| assembly.part(job, &planned))?);
        }
        assembly.tell_dropped(job)?;
        built.append(&mut assembly.pictures);
        // What leads to a part that was left out after all goes too.
        let there: FxHashSet<String> = built.iter().map(|part| format!("/{}", part.path)).collect();
        for part in &mut built {
            part.links.retain(|link| link.external || there.contains(&link.target));
        }
        let main = Link {
            id: "rId1".to_owned(),
            kind: kind.relationship(strict),
            target: format!("/{main}"),
            external: false,
        };
        write(&main, &built)
    }

    pub(super) fn holds(&self, path: &str) -> bool {
        self.package.holds(path)
    }

    /// The kind of a part that a relationship leads to, if it is one that files of this family have.
    pub(super) fn kind(&self, path: &str, relationship: &str) -> Option<&'static Kind> {
        let kind = Kind::of(self.package.content_type(path), relationship)?;
        let boxes = kind.build == Build::CommentBoxes;
        (!boxes || self.family == Family::Excel).then_some(kind)
    }

    /// Remembers by which relationship a part was reached: it tells what the part is, should it be dropped.
    pub(super) fn led(&mut self, path: &str, relationship: &str) {
        self.led
            .entry(path.to_owned())
            .or_insert_with(|| relationship.to_owned());
    }

    /// Plans a part, once. Returns where it is written.
    pub(super) fn plan(&mut self, source: &str, kind: &'static Kind, comments: Option<String>) -> String {
        if let Some(path) = self.paths.get(source) {
            return path.clone();
        }
        let path = self.numbered(kind.path);
        self.paths.insert(source.to_owned(), path.clone());
        self.planned.push(Planned {
            source: source.to_owned(),
            path: path.clone(),
            kind,
            comments,
        });
        path
    }

    /// Rebuilds a picture, once. Returns where it is written; one that cannot be read is replaced by a blank one.
    pub(super) fn picture(&mut self, job: &mut Job<'_>, source: &str) -> Result<String, Reason> {
        if let Some(path) = self.paths.get(source) {
            return Ok(path.clone());
        }
        let bytes = self.package.decode(source, job)?;
        let rebuilt = job.at(source, |job| match picture::rebuild(job, &bytes) {
            Ok(rebuilt) if job.found(Class::Picture)? == Action::Rebuild => Ok(Some(rebuilt)),
            Ok(_) => Ok(None),
            Err(Reason::Malformed { .. } | Reason::Unrecognised | Reason::Unsupported { .. }) => {
                job.found(Class::UnreadablePicture)?;
                Ok(None)
            }
            Err(reason) => Err(reason),
        })?;
        let path = match rebuilt {
            Some(rebuilt) => {
                let path = format!("{}.{}", self.numbered("media/image#"), rebuilt.extension);
                self.pictures.push(Built {
                    path: path.clone(),
                    content_type: rebuilt.media_type.to_owned(),
                    bytes: rebuilt.bytes,
                    links: Vec::new(),
                });
                path
            }
            None => self.blank()?,
        };
        self.paths.insert(source.to_owned(), path.clone());
        Ok(path)
    }

    /// A picture of one transparent pixel, for those that cannot be shown.
    pub(super) fn blank(&mut self) -> Result<String, Reason> {
        if let Some(path) = &self.blank {
            return Ok(path.clone());
        }
        let path = "media/blank.png".to_owned();
        self.pictures.push(Built {
            path: path.clone(),
            content_type: "image/png".to_owned(),
            bytes: picture::blank()?,
            links: Vec::new(),
        });
        self.blank = Some(path.clone());
        Ok(path)
    }

    /// Builds a part; nothing if it is not of the kind that it says and readers can do without.
    fn part(&mut self, job: &mut Job<'_>, planned: &Planned) -> Result<Option<Built>, Reason> {
        let (bytes, links) = match planned.kind.build {
            Build::EmptySheet(class) => {
                job.found(class)?;
                (EMPTY_SHEET.to_vec(), Vec::new())
            }
            Build::CommentBoxes => {
                let comments = self
                    .package
                    .decode(planned.comments.as_deref().unwrap_or_default(), job)?;
                (boxes::draw(&xml::text(&comments)?)?, Vec::new())
            }
            Build::Xml | Build::Picture => {
                let bytes = self.package.decode(&planned.source, job)?;
                let relationships = self.package.relationships(&planned.source, job)?;
                let strict = self.strict;
                let mut links = Links::new(self, &relationships);
                let rebuilt = part::rebuild(job, &mut links, &xml::text(&bytes)?, planned.kind, strict)?;
                match rebuilt {
                    Some(bytes) => (bytes, links.finish(job, planned.kind)?),
                    None if planned.kind.implicit => {
                        job.found(Class::UnknownPart)?;
                        return Ok(None);
                    }
                    None => {
                        let what = (
                            "部品の最上位の要素が種類と合わない",
                            "the outermost element is not of the part's kind",
                        );
                        return Err(malformed(what.0, what.1));
                    }
                }
            }
        };
        Ok(Some(Built {
            path: planned.path.clone(),
            content_type: planned.kind.content_type(),
            bytes,
            links,
        }))
    }

    /// Tells of every part of the old package that is not carried over.
    fn tell_dropped(&self, job: &mut Job<'_>) -> Result<(), Reason> {
        for path in self.package.paths().filter(|path| !self.paths.contains_key(*path)) {
            let content = self.package.content_type(path);
            if path == super::package::CONTENT_TYPES || kind::recomputed(content) || path.ends_with(".rels") {
                continue;
            }
            let relationship = self.led.get(path).map_or("", String::as_str);
            job.found_at(kind::dropped(content, relationship, path), path)?;
        }
        Ok(())
    }

    fn numbered(&mut self, pattern: &'static str) -> String {
        let number = self.numbers.entry(pattern).or_default();
        *number += 1;
        let first = if *number == 1 {
            String::new()
        } else {
            number.to_string()
        };
        pattern.replace('#', &number.to_string()).replace('~', &first)
    }
}

/// Writes the package: content types first, then the way to the main part, then the parts.
fn write(main: &Link, parts: &[Built]) -> Result<Vec<u8>, Reason> {
    let mut writer = Writer::new();
    writer.deflate("[Content_Types].xml", content_types(parts).as_bytes())?;
    writer.deflate("_rels/.rels", relationships(std::slice::from_ref(main)).as_bytes())?;
    for part in parts {
        if part.content_type.starts_with("image/") {
            writer.store(&part.path, &part.bytes)?;
        } else {
            writer.deflate(&part.path, &part.bytes)?;
        }
        if !part.links.is_empty() {
            let (folder, name) = part.path.rsplit_once('/').unwrap_or(("", &part.path));
            writer.deflate(
                &format!("{folder}/_rels/{name}.rels"),
                relationships(&part.links).as_bytes(),
            )?;
        }
    }
    writer.finish()
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

fn content_types(parts: &[Built]) -> String {
    let mut text = format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    for part in parts {
        text.push_str(&format!(
            "<Override PartName=\"/{}\" ContentType=\"{}\"/>",
            part.path, part.content_type
        ));
    }
    text.push_str("</Types>");
    text
}

fn relationships(links: &[Link]) -> String {
    let mut text =
        format!("{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    for link in links {
        text.push_str(&format!(
            "<Relationship Id=\"{}\" Type=\"{}\" Target=\"",
            link.id, link.kind
        ));
        xml::escape(&mut text, &link.target);
        text.push_str(if link.external {
            "\" TargetMode=\"External\"/>"
        } else {
            "\"/>"
        });
    }
    text.push_str("</Relationships>");
    text
}
