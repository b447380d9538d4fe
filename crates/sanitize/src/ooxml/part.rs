//! One part, element by element.

mod special;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::field;
use super::kind::Kind;
use super::links::{Links, Resolved};
use super::output::Written;
use super::rules::Rule;
use super::scope::{self, Scope};
use super::vocabulary::{Attribute, Element, Known, Vocabulary};
use crate::class::Class;
use crate::job::Job;
use crate::refusal::Reason;
use crate::xml;
use special::Fields;

/// Rebuilds a part of a kind; nothing if its outermost element is of another. `links` are its relationships; those that are used are
/// asked for there.
pub(super) fn rebuild(
    job: &mut Job<'_>,
    links: &mut Links<'_, '_>,
    text: &str,
    kind: &Kind,
    strict: bool,
) -> Result<Option<Vec<u8>>, Reason> {
    let vocabulary = Vocabulary::shipped();
    let mut part = Part {
        job,
        links,
        vocabulary,
        scope: Scope::new(vocabulary),
        out: Written::with_room(text.len()),
        open: Vec::new(),
        muted: None,
        fields: Fields::new(field::verdicts(text)?),
        shared_formulas: Vec::new(),
        root_attributes: None,
    };
    part.read(text, kind)?;
    let Some(attributes) = part.root_attributes else {
        return Ok(None);
    };
    Ok(Some(part.out.finish(kind.root, &attributes, strict, vocabulary)))
}

struct Part<'p, 'j, 'l, 'a> {
    job: &'p mut Job<'j>,
    links: &'p mut Links<'l, 'a>,
    vocabulary: &'static Vocabulary,
    scope: Scope,
    out: Written,
    /// Elements that have begun and not ended.
    open: Vec<Open>,
    /// The element, by its place in `open`, in which nothing more is written.
    muted: Option<usize>,
    fields: Fields,
    /// Formulas that other cells share and that were dropped, by their numbers.
    shared_formulas: Vec<String>,
    root_attributes: Option<String>,
}

/// An element that has begun.
#[derive(Debug)]
struct Open {
    name: &'static str,
    rule: Rule,
    text: bool,
    /// Does a tag stand in the output?
    written: bool,
    /// Where its tag stands, where its content begins.
    start: usize,
    content: usize,
    /// Declarations of namespaces before it.
    scope: usize,
    /// Branches that were kept, of alternatives.
    branches: u32,
    /// The number of a formula that cells share.
    shared: Option<String>,
}

/// What is to be done with an element that begins.
enum Entry {
    /// It is written under this name, with attributes or without.
    Write(&'static str, bool),
    /// Its content is looked at, its tag is not written.
    Unwrap,
    /// It goes with all that is in it.
    Skip,
}

impl Part<'_, '_, '_, '_> {
    fn read(&mut self, text: &str, kind: &Kind) -> Result<(), Reason> {
        let mut reader = Reader::from_str(text);
        loop {
            match reader.read_event().map_err(|_| xml::broken())? {
                Event::Start(start) => {
                    let scope = self.scope.depth();
                    if !self.begin(&start, kind)? {
                        self.scope.close(scope);
                        reader.read_to_end(start.name()).map_err(|_| xml::broken())?;
                    }
                }
                Event::Empty(start) => {
                    let scope = self.scope.depth();
                    if self.begin(&start, kind)? {
                        self.end()?
                    } else {
                        self.scope.close(scope)
                    }
                }
                Event::End(_) => self.end()?,
                Event::Text(piece) => self.text(&xml::lines(&piece))?,
                Event::CData(piece) => self.text(&xml::lines(&piece))?,
                Event::GeneralRef(name) => {
                    let character = xml::reference(&name)?;
                    self.text(character.encode_utf8(&mut [0; 4]))?;
                }
                Event::DocType(_) => return Err(xml::document_type()),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof => break,
            }
        }
        if self.open.is_empty() {
            Ok(())
        } else {
            Err(xml::broken())
        }
    }

    /// An element begins. Returns whether its content is to be read.
    fn begin(&mut self, start: &BytesStart<'_>, kind: &Kind) -> Result<bool, Reason> {
        self.job.budget.element(self.open.len())?;
        let scope = self.scope.depth();
        self.scope.open(start)?;
        let name = start.name();
        let (prefix, local) = scope::split(name.as_ref());
        let known = self.scope.of(prefix);
        let element = match known {
            Known::Kept(number) => self.vocabulary.element(number, local),
            Known::Silent | Known::Unknown => None,
        };
        let Some(element) = element else {
            if self.muted.is_none() && known != Known::Silent {
                self.job.found(super::rules::forbidden(local))?;
            }
            return Ok(false);
        };
        if self.open.is_empty() {
            return self.begin_root(start, element, kind);
        }
        let mut open = Open::of(element, scope);
        if self.muted.is_none() {
            open.start = self.out.here();
            match self.enter(start, element)? {
                Entry::Skip => return Ok(false),
                Entry::Unwrap => {}
                Entry::Write(name, attributes) => {
                    open.name = name;
                    if !self.write(start, element, &mut open, attributes)? {
                        return Ok(false);
                    }
                }
            }
        }
        self.open.push(open);
        Ok(true)
    }

    fn begin_root(&mut self, start: &BytesStart<'_>, element: &'static Element, kind: &Kind) -> Result<bool, Reason> {
        if self.root_attributes.is_some() {
            return Err(xml::broken());
        }
        if element.name != kind.root {
            return Ok(false);
        }
        if element.rule == Rule::Sheet {
            self.tell_hidden(start)?;
        }
        self.out.begin(element.name, element.namespace);
        let mut open = Open::of(element, 0);
        self.attributes(start, element, &mut open)?;
        self.root_attributes = Some(self.out.take_attributes(element.name));
        self.open.push(open);
        Ok(true)
    }

    /// Writes the tag of an element. Returns whether its content is to be read.
    fn write(
        &mut self,
        start: &BytesStart<'_>,
        element: &'static Element,
        open: &mut Open,
        attributes: bool,
    ) -> Result<bool, Reason> {
        self.out.begin(open.name, element.namespace);
        open.written = true;
        if element.rule == Rule::Choice {
            self.requires(start);
        } else if attributes && !self.attributes(start, element, open)? {
            self.out.back_to(open.start);
            open.written = false;
            // What a link stood around stays.
            return Ok(element.rule == Rule::LinkAround);
        }
        open.content = self.out.content();
        Ok(true)
    }

    /// Writes the attributes of an element. Returns whether the element can stay.
    fn attributes(
        &mut self,
        start: &BytesStart<'_>,
        element: &'static Element,
        open: &mut Open,
    ) -> Result<bool, Reason> {
        let mut dropped = 0;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| xml::broken())?;
            let name = attribute.key.as_ref();
            if scope::declares(name).is_some() {
                continue;
            }
            let Some(known) = self.known(element, name, &attribute.value)? else {
                continue;
            };
            let value = xml::resolved(&attribute.value)?;
            if known.name == "r:link" && has(start, "embed") {
                // The picture that lies inside is enough.
                self.job.found(Class::RemotePicture)?;
                continue;
            }
            if known.name.starts_with("r:") {
                match self.links.resolve(self.job, &value)? {
                    Resolved::Kept(id) => {
                        self.out.attribute(written(known.name), &id);
                    }
                    Resolved::Gone if element.rule == Rule::Loose => {}
                    Resolved::Gone => return Ok(false),
                }
            } else if known.name == "action" {
                if !harmless(&value) {
                    self.job.found(Class::ActiveAction)?;
                    return Ok(false);
                }
                dropped += self.out.attribute(known.name, &value);
            } else if known.name == "style" && calls(&value) {
                self.job.found(Class::RemotePicture)?;
                continue;
            } else {
                if known.name == "si" {
                    open.shared = Some(value.clone().into_owned());
                }
                dropped += self.out.attribute(known.name, &value);
            }
            if let Some(namespace) = known.namespace {
                self.out.uses(namespace);
            }
        }
        for _ in 0..dropped {
            self.job.found(Class::ControlCharacter)?;
        }
        Ok(true)
    }

    /// The attribute of an element by the name that it has here, if it is one of the vocabulary.
    fn known(&mut self, element: &Element, name: &str, value: &str) -> Result<Option<Attribute>, Reason> {
        let (prefix, local) = scope::split(name);
        let namespace = match (prefix, self.scope.of(prefix)) {
            ("", _) => None,
            (_, Known::Kept(number)) => Some(number),
            (_, Known::Silent) => return Ok(None),
            (_, Known::Unknown) => {
                self.job.found(Class::UnknownAttribute)?;
                return Ok(None);
            }
        };
        let attribute = element
            .attribute(namespace, local)
            .or_else(|| self.vocabulary.everywhere(namespace, local));
        let markup = namespace
            .and_then(|number| self.vocabulary.namespace(number))
            .is_some_and(|namespace| namespace.prefix == "mc");
        if attribute.is_none() && !markup && !value.is_empty() {
            self.job.found(super::rules::forbidden_attribute(local))?;
        }
        Ok(attribute)
    }

    fn end(&mut self) -> Result<(), Reason> {
        let Some(open) = self.open.pop() else {
            return Err(xml::broken());
        };
        self.scope.close(open.scope);
        if self.muted == Some(self.open.len()) {
            self.muted = None;
        }
        if self.open.is_empty() || self.muted.is_some() {
            return Ok(());
        }
        if !open.written {
            if let Rule::InPlaceOf(_, parent) = open.rule {
                self.muted = self.around(parent);
            }
            return Ok(());
        }
        let empty = self.out.nothing_since(open.content);
        match open.rule {
            Rule::UnlessEmpty | Rule::Choice | Rule::As(_) if empty => {
                self.out.back_to(open.start);
                return Ok(());
            }
            Rule::Choice => {
                if let Some(alternatives) = self.open.last_mut() {
                    alternatives.branches += 1;
                }
            }
            Rule::Formula(_) | Rule::DefinedName if !self.formula_stays(&open, empty)? => {
                self.out.back_to(open.start);
                if let Rule::Formula(Some(parent)) = open.rule {
                    self.drop_around(parent);
                }
                return Ok(());
            }
            _ => {}
        }
        self.out.end(open.name);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Reason> {
        let Some(open) = self.open.last() else { return Ok(()) };
        if self.muted.is_some() || !open.written {
            return Ok(());
        }
        if open.text {
            for _ in 0..self.out.text(text) {
                self.job.found(Class::ControlCharacter)?;
            }
        } else if !text.chars().all(char::is_whitespace) {
            self.job.found(Class::UnknownElement)?;
        }
        Ok(())
    }

    /// Takes back the nearest element of a name around here, with all that it holds.
    fn drop_around(&mut self, parent: &str) {
        if let Some(index) = self.around(parent) {
            self.take_back(index);
            self.muted = Some(index);
        }
    }

    /// Takes back the tags from the nearest element of a name around here inwards; what follows inside is written in its place.
    fn open_up(&mut self, parent: &str) {
        if let Some(index) = self.around(parent) {
            self.take_back(index);
        }
    }

    fn take_back(&mut self, index: usize) {
        let start = self.open.get(index).filter(|open| open.written).map(|open| open.start);
        if let Some(start) = start {
            self.out.back_to(start);
        }
        for open in self.open.iter_mut().skip(index) {
            open.written = false;
        }
    }

    fn around(&self, name: &str) -> Option<usize> {
        self.open
            .iter()
            .rposition(|open| open.name == name)
            .filter(|index| *index > 0)
    }
}

impl Open {
    fn of(element: &'static Element, scope: usize) -> Self {
        Self {
            name: element.name,
            rule: element.rule,
            text: element.text,
            written: false,
            start: 0,
            content: 0,
            scope,
            branches: 0,
            shared: None,
        }
    }
}

/// Has an element an attribute of this local name?
fn has(start: &BytesStart<'_>, local: &str) -> bool {
    start
        .attributes()
        .flatten()
        .any(|attribute| attribute.key.local_name().as_ref() == local)
}

/// Is an action of a presentation only a step to another slide?
fn harmless(action: &str) -> bool {
    let action = action.trim().to_ascii_lowercase();
    let word = action.split('?').next().unwrap_or_default();
    action.is_empty()
        || [
            "ppaction://hlinksldjump",
            "ppaction://hlinkshowjump",
            "ppaction://noaction",
            "ppaction://customshow",
        ]
        .contains(&word)
}

/// Does a style fetch something?
fn calls(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    ["url", "expression", "script:", "@import"]
        .iter()
        .any(|word| style.contains(word))
}

/// A picture that lies outside is replaced by one that lies inside: it is embedded, not linked.
fn written(attribute: &'static str) -> &'static str {
    if attribute == "r:link" { "r:embed" } else { attribute }
}
