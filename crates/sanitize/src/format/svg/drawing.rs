//! The drawing that is written while elements come in.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::rules;
use super::uses::Uses;
use crate::class::{Action, Class};
use crate::job::Job;
use crate::refusal::Reason;
use crate::{link, picture, xml};

/// An element that has begun.
struct Open {
    /// The name that was written, if one was.
    name: Option<&'static str>,
    /// The name by which others refer to it.
    id: Option<String>,
}

struct Drawing<'j, 'p> {
    job: &'j mut Job<'p>,
    out: String,
    open: Vec<Open>,
    uses: Uses,
}

pub(super) fn rebuilt(job: &mut Job<'_>, text: &str) -> Result<String, Reason> {
    let mut drawing = Drawing {
        job,
        out: String::with_capacity(text.len()),
        open: Vec::new(),
        uses: Uses::default(),
    };
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(|_| xml::broken())? {
            Event::Start(start) => {
                if !drawing.begin(&start)? {
                    reader.read_to_end(start.name()).map_err(|_| xml::broken())?;
                }
            }
            Event::Empty(start) => {
                if drawing.begin(&start)? {
                    drawing.end();
                }
            }
            Event::End(_) => drawing.end(),
            Event::Text(piece) => drawing.text(&piece),
            Event::CData(piece) => drawing.text(&piece),
            Event::GeneralRef(name) => {
                let character = xml::reference(&name)?;
                if crate::text::is_kept(character) {
                    drawing.text(character.encode_utf8(&mut [0; 4]));
                } else {
                    drawing.job.found(Class::ControlCharacter)?;
                }
            }
            Event::DocType(_) => return Err(xml::document_type()),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    if !drawing.open.is_empty() || drawing.out.is_empty() {
        return Err(xml::broken());
    }
    drawing.uses.check()?;
    drawing.out.push('\n');
    Ok(drawing.out)
}

impl Drawing<'_, '_> {
    /// An element begins. Returns whether its content is to be read.
    fn begin(&mut self, start: &BytesStart<'_>) -> Result<bool, Reason> {
        self.job.budget.element(self.open.len())?;
        let name = start.name();
        let name: &str = name.as_ref();
        let local = name.strip_prefix("svg:").unwrap_or(name);
        let root = self.open.is_empty();
        if root && (local != "svg" || !self.out.is_empty()) {
            return Err(xml::broken());
        }
        let Some(element) = rules::element(local) else {
            let told: String = local
                .chars()
                .filter(|character| character.is_ascii_alphanumeric())
                .take(40)
                .collect();
            self.job.found_at(rules::class(local), &told)?;
            return Ok(false);
        };
        let mut attributes = String::new();
        if root {
            attributes.push_str(" xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
        }
        let mut id = None;
        let mut referred = false;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| xml::broken())?;
            let name: &str = attribute.key.as_ref();
            let value = xml::resolved(&attribute.value)?;
            if name == "href" || name == "xlink:href" {
                // Both may stand there; one of them is the newer.
                if !std::mem::replace(&mut referred, true) {
                    referred = self.refer(element, &value, &mut attributes)?;
                }
                continue;
            }
            match rules::attribute(name, &value) {
                Some(value) => {
                    if name == "id" {
                        id = Some(value.clone());
                    }
                    put(&mut attributes, name, &value);
                }
                None => self.dropped(name)?,
            }
        }
        let written = (element != "image" || referred).then_some(element);
        if let Some(element) = written {
            self.out.push('<');
            self.out.push_str(element);
            self.out.push_str(&attributes);
            self.out.push('>');
        }
        self.open.push(Open { name: written, id });
        Ok(true)
    }

    /// Counts an attribute that goes.
    fn dropped(&mut self, name: &str) -> Result<(), Reason> {
        if name == "xmlns" || name.starts_with("xmlns:") || name == "xml:space" {
            return Ok(());
        }
        let class = if name.starts_with("on") {
            Class::Script
        } else {
            Class::UnknownAttribute
        };
        let told: String = name
            .chars()
            .filter(|character| character.is_ascii_alphanumeric())
            .take(40)
            .collect();
        self.job.found_at(class, &told)?;
        Ok(())
    }

    /// What an element refers to: a part of the same drawing, a picture that lies in it, or a link. Returns whether it stays.
    fn refer(&mut self, element: &str, target: &str, attributes: &mut String) -> Result<bool, Reason> {
        let target = target.trim();
        match (element, target.strip_prefix('#')) {
            ("image", _) => {
                let Some(address) = picture::inline::rebuilt(self.job, target, "image")? else {
                    return Ok(false);
                };
                put(attributes, "xlink:href", &address);
            }
            ("a", _) => match link::checked(target) {
                Ok(target) => {
                    if self.job.found(Class::Hyperlink)? != Action::Rebuild {
                        return Ok(false);
                    }
                    put(attributes, "xlink:href", &target);
                }
                Err(class) => {
                    self.job.found_at(class, "a")?;
                    return Ok(false);
                }
            },
            (_, Some(name)) if rules::identifier(name) => {
                self.uses
                    .add(self.open.iter().filter_map(|open| open.id.as_deref()), name);
                put(attributes, "xlink:href", target);
            }
            _ => {
                self.job.found_at(Class::ExternalTarget, element)?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn text(&mut self, text: &str) {
        if !self.open.is_empty() {
            xml::escape(&mut self.out, text);
        }
    }

    fn end(&mut self) {
        if let Some(name) = self.open.pop().and_then(|open| open.name) {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }
}

fn put(attributes: &mut String, name: &str, value: &str) {
    attributes.push(' ');
    attributes.push_str(name);
    attributes.push_str("=\"");
    xml::escape(attributes, value);
    attributes.push('"');
}
