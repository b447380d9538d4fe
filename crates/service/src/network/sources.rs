//! The files of a city's network, without the secrets of the configurations.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;
use policy::judge::Input;
use separation::dialect::{self, Dialect};
use separation::network::{Network, Placed};
use separation::source::{Source, decode};
use sha2::{Digest as _, Sha256};

use super::located;
use crate::problem::Problem;

/// The folder of the network in a city folder.
pub const FOLDER: &str = "network";
/// The file that describes the network, in that folder.
pub const FILE: &str = "network.toml";

/// The most bytes of `network.toml`.
const LARGEST_DESCRIPTION: u64 = 1 << 20;
/// The most bytes of a configuration: a hundred times a large one.
const LARGEST: u64 = 16 << 20;
/// The most bytes of all configurations together.
const LARGEST_TOGETHER: u64 = 64 << 20;

/// The files of a network. What may be a secret was taken out when they were read; nothing else of them is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkSources {
    /// The text of `network.toml`.
    pub text: String,
    /// The configurations that it names, each once, in the order in which it names them.
    pub configurations: Vec<Configuration>,
}

/// The configuration of a device, redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// As `network.toml` names it: its path in the folder of the network.
    pub name: String,
    /// The language that it is read in: the name of a [`Dialect`].
    pub dialect: String,
    /// Its text with every word that may be a secret replaced. Lines have the numbers that they have in the city's own file.
    pub text: String,
}

impl Configuration {
    /// Its path in the city folder.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}", self.name)
    }

    /// The bytes of line `number`, from 1, without the white space around it.
    #[must_use]
    pub fn span(&self, number: u32) -> Option<Span> {
        let mut start = 0;
        let lines = self.text.split_inclusive('\n').map(|line| {
            let begin = start;
            start += line.len();
            (begin, line)
        });
        let (begin, line) = lines.into_iter().nth(usize::try_from(number.checked_sub(1)?).ok()?)?;
        let (indent, word) = (line.len() - line.trim_start().len(), line.trim());
        Some(Span::new(begin + indent, begin + indent + word.len()))
    }
}

impl NetworkSources {
    /// Reads the network of a city folder; `None` where the city has no folder of that name.
    ///
    /// # Errors
    /// `network.toml` cannot be read or is not right; a configuration that it names is missing, too large, lies outside the folder of
    /// the network (by a symbolic link), or is in no language that is known.
    pub fn of_folder(city: &Path) -> Result<Option<Self>, Vec<Problem>> {
        let folder = city.join(FOLDER);
        match fs::metadata(&folder) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(vec![Problem::unreadable(FOLDER, &error)]),
        }
        let root = fs::canonicalize(&folder).map_err(|error| vec![Problem::unreadable(FOLDER, &error)])?;
        let whole = |message| vec![Problem::whole(format!("{FOLDER}/{FILE}"), unusable(message))];
        let bytes = read_inside(&root, FILE, LARGEST_DESCRIPTION).map_err(whole)?;
        Self::of(bytes, &mut |name| read_inside(&root, name, LARGEST)).map(Some)
    }

    /// Reads a network whose files are given: the bytes of `network.toml`, and `find`, which gives those of a configuration.
    ///
    /// # Errors
    /// As [`Self::of_folder`].
    pub fn of(bytes: Vec<u8>, find: &mut dyn FnMut(&str) -> Result<Vec<u8>, Text>) -> Result<Self, Vec<Problem>> {
        let text = String::from_utf8(bytes).map_err(|_| {
            let message = Text::fixed("UTF-8 でない", "not UTF-8");
            vec![Problem::whole(format!("{FOLDER}/{FILE}"), unusable(message))]
        })?;
        let mut sources = Self {
            text: text.trim_start_matches('\u{feff}').to_owned(),
            configurations: Vec::new(),
        };
        let network = match Network::read(&sources.text) {
            Ok(network) => network,
            Err(diagnostics) => return Err(located(diagnostics, &sources).collect()),
        };
        let mut diagnostics = Vec::new();
        let mut together = 0;
        for placed in &network.devices {
            sources.device(placed, find, &mut together, &mut diagnostics);
        }
        if diagnostics.is_empty() {
            Ok(sources)
        } else {
            Err(located(diagnostics, &sources).collect())
        }
    }

    /// The configuration of a name.
    #[must_use]
    pub fn configuration(&self, name: &str) -> Option<&Configuration> {
        self.configurations
            .iter()
            .find(|configuration| configuration.name == name)
    }

    /// The text of a file, by its path in the city folder.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&str> {
        let name = path.strip_prefix(FOLDER)?.strip_prefix('/')?;
        if name == FILE {
            return Some(&self.text);
        }
        self.configuration(name)
            .map(|configuration| configuration.text.as_str())
    }

    /// The files with their hashes, for the evidence of an answer.
    #[must_use]
    pub fn inputs(&self) -> Vec<Input> {
        let description = Input {
            file: format!("{FOLDER}/{FILE}"),
            sha256: sha256(&self.text),
            redacted: false,
        };
        let configurations = self.configurations.iter().map(|configuration| Input {
            file: configuration.path(),
            sha256: sha256(&configuration.text),
            redacted: true,
        });
        std::iter::once(description).chain(configurations).collect()
    }

    /// Reads the configurations of a device that were not read for another.
    fn device(
        &mut self,
        placed: &Placed,
        find: &mut dyn FnMut(&str) -> Result<Vec<u8>, Text>,
        together: &mut u64,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let mut texts: Vec<(&String, Arc<str>)> = Vec::new();
        for name in &placed.configurations {
            if name == FILE {
                let message = Text::fixed(
                    "network.toml は機器の設定ではない",
                    "network.toml is no configuration of a device",
                );
                diagnostics.push(unusable(message).at(self.mention(placed, name)));
                continue;
            }
            if let Some(known) = self.configuration(name) {
                texts.push((name, known.text.as_str().into()));
                continue;
            }
            let found = find(name).and_then(|bytes| {
                let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                *together = together.saturating_add(size);
                if *together <= LARGEST_TOGETHER {
                    return Ok(bytes);
                }
                Err(Text::fixed(
                    "設定ファイルが全部で64MBを超える",
                    "the configurations have more than 64 MB together",
                ))
            });
            match found {
                Ok(bytes) => texts.push((name, decode(&bytes).into())),
                Err(message) => diagnostics.push(unusable(message).at(self.mention(placed, name))),
            }
        }
        if texts.len() < placed.configurations.len() {
            return;
        }
        let Some(language) = language(placed, &texts) else {
            diagnostics.push(unknown_language(placed));
            return;
        };
        for (name, text) in texts {
            match self.configuration(name) {
                None => self.configurations.push(Configuration {
                    name: name.clone(),
                    dialect: language.name().to_owned(),
                    text: language.redact(Source::new(&*text)).text,
                }),
                Some(known) if known.dialect == language.name() => {}
                Some(known) => {
                    let message = Text::new(
                        format!("「{name}」は、ほかの機器で書式「{}」として読んでいる", known.dialect),
                        format!("`{name}` is read as `{}` for another device", known.dialect),
                    );
                    diagnostics.push(unusable(message).at(self.mention(placed, name)));
                }
            }
        }
    }

    /// Where a device names a configuration.
    fn mention(&self, placed: &Placed, name: &str) -> Span {
        let after = self.text.get(placed.span.end..).unwrap_or_default();
        let found = after.find(&format!("\"{name}\""));
        found.map_or(placed.span, |at| {
            let start = placed.span.end.saturating_add(at);
            Span::new(start, start.saturating_add(name.len()).saturating_add(2))
        })
    }
}

/// The language that the city says, else the one that one of the files looks like.
fn language(placed: &Placed, texts: &[(&String, Arc<str>)]) -> Option<&'static dyn Dialect> {
    match &placed.dialect {
        Some(name) => dialect::named(name),
        None => texts.iter().find_map(|(_, text)| dialect::detect(text)),
    }
}

fn unknown_language(placed: &Placed) -> Diagnostic {
    let known: Vec<&str> = dialect::DIALECTS.iter().map(|dialect| dialect.name()).collect();
    let message = Text::new(
        format!("機器「{}」の設定の書式が分からない", placed.name),
        format!("the language of the configuration of `{}` is not clear", placed.name),
    );
    let help = Text::new(
        format!("dialect に書式を書く({})", known.join("、")),
        format!("say it with `dialect` ({})", known.join(", ")),
    );
    unusable(message).help(help).at(placed.span)
}

fn unusable(message: Text) -> Diagnostic {
    Diagnostic::error("network-file", message)
}

/// The bytes of a file that truly lies in a folder, of which `root` is the real path.
fn read_inside(root: &Path, name: &str, most: u64) -> Result<Vec<u8>, Text> {
    let path = real(root, name)?;
    let unreadable = |error: std::io::Error| Problem::unreadable(name, &error).diagnostic.message;
    let file = File::open(&path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        let megabytes = most >> 20;
        return Err(Text::new(
            format!("大きすぎる({megabytes}MBまで)"),
            format!("too large ({megabytes} MB at most)"),
        ));
    }
    Ok(bytes)
}

/// The real path of a file, which no symbolic link leads out of the folder. Only plain files: a device or a pipe might never end.
fn real(root: &Path, name: &str) -> Result<PathBuf, Text> {
    let unreadable = |error: std::io::Error| Problem::unreadable(name, &error).diagnostic.message;
    let path = fs::canonicalize(root.join(name)).map_err(unreadable)?;
    if !path.starts_with(root) {
        return Err(Text::fixed(
            "シンボリックリンクが、network.toml のあるフォルダの外を指している",
            "a symbolic link leads out of the folder of network.toml",
        ));
    }
    if fs::metadata(&path).map_err(unreadable)?.is_file() {
        Ok(path)
    } else {
        Err(Text::fixed("ファイルではない", "not a file"))
    }
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_without_the_white_space_around_it() {
        let configuration = Configuration {
            name: "a".to_owned(),
            dialect: "yamaha".to_owned(),
            text: "one\n\n  three four \nlast".to_owned(),
        };
        let at = |number| configuration.span(number).and_then(|span| span.of(&configuration.text));
        assert_eq!(
            (at(1), at(2), at(3), at(4)),
            (Some("one"), Some(""), Some("three four"), Some("last"))
        );
        assert_eq!((at(0), at(5)), (None, None));
    }
}
