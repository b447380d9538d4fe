//! Fields: what they say, once it is put together from all its pieces.

use crate::class::{Action, Class};
use crate::job::Job;
use crate::link;
use crate::refusal::Reason;

/// Fields that only count, date or refer inside the document.
const KEPT: &[&str] = &[
    "PAGE",
    "NUMPAGES",
    "SECTION",
    "SECTIONPAGES",
    "DATE",
    "TIME",
    "CREATEDATE",
    "SAVEDATE",
    "PRINTDATE",
    "PAGEREF",
    "REF",
    "SEQ",
    "TOC",
    "NUMWORDS",
    "NUMCHARS",
];

/// Fields that fetch or start something.
const FETCHING: &[&str] = &[
    "DDE",
    "DDEAUTO",
    "INCLUDETEXT",
    "INCLUDEPICTURE",
    "INCLUDE",
    "IMPORT",
    "LINK",
    "EMBED",
    "DATABASE",
    "MACROBUTTON",
    "GOTOBUTTON",
    "RD",
    "AUTOTEXT",
    "HTMLCONTROL",
    "CONTROL",
    "ADDIN",
    "PRINT",
];

/// The instruction to write, if the field stays.
pub(super) fn kept(job: &mut Job<'_>, instruction: &str, nested: bool) -> Result<Option<String>, Reason> {
    let mut words = instruction.split_whitespace();
    let name = words.next().unwrap_or_default().to_ascii_uppercase();
    let class = if FETCHING.contains(&name.as_str()) || nested {
        Class::FetchingField
    } else if name == "HYPERLINK" {
        match target(instruction).map_or(Err(Class::Dangling), link::checked) {
            Ok(target) => {
                let stays = job.found(Class::Hyperlink)? == Action::Rebuild;
                return Ok(stays.then(|| format!("HYPERLINK \"{}\"", target.replace(['"', '\\'], ""))));
            }
            Err(class) => class,
        }
    } else if KEPT.contains(&name.as_str()) {
        // A switch or a name; a quotation mark would let a word run on.
        let plain = |word: &&str| word.chars().all(|character| !matches!(character, '"' | '{' | '}'));
        let words: Vec<&str> = words.filter(plain).collect();
        return Ok(Some(format!("{name} {}", words.join(" "))));
    } else {
        Class::UnknownElement
    };
    let told: String = name.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    job.found_at(class, &told)?;
    Ok(None)
}

/// The first argument that is no switch.
fn target(instruction: &str) -> Option<&str> {
    let rest = instruction.trim_start().get("HYPERLINK".len()..)?.trim_start();
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split_whitespace().next().filter(|word| !word.starts_with('\\')),
    }
}
