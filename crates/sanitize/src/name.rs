//! Names of files, as they may go out.

use crate::class::Class;

/// Names that a system keeps for its devices, whatever their extension.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Bytes of a name without its extension; file systems take 255 with it.
const LONGEST: usize = 200;

/// A name without characters that mislead or that a system gives a meaning; `file` where nothing is left.
pub(crate) fn cleaned(name: &str) -> String {
    let kept = |character: &char| !misleads(*character) && !r#"/\:*?"<>|"#.contains(*character);
    let mut cleaned: String = name.chars().filter(kept).collect();
    while cleaned.len() > LONGEST {
        cleaned.pop();
    }
    let cleaned = cleaned.trim_matches(|character: char| character.is_whitespace() || character == '.');
    if cleaned.is_empty() || reserved(cleaned) {
        format!("file{cleaned}")
    } else {
        cleaned.to_owned()
    }
}

/// A path of an archive as it may go out, in parts: no part leads out, none is reserved, none misleads.
///
/// # Errors
/// The class of what is wrong with it.
pub(crate) fn path(path: &str) -> Result<String, Class> {
    let path = path.replace('\\', "/");
    let drive = path.get(1..2) == Some(":");
    let bad = |part: &str| {
        part.is_empty()
            || part.trim_end_matches(['.', ' ']).is_empty()
            || part.len() > 255
            || reserved(part)
            || part
                .chars()
                .any(|character| misleads(character) || r#":*?"<>|"#.contains(character))
    };
    if drive || path.starts_with('/') || path.split('/').any(bad) {
        return Err(Class::UnsafeName);
    }
    Ok(path)
}

/// Control characters, and those that turn the direction of what follows or cannot be seen.
pub(crate) fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFC}')
        || matches!(character, '\u{E0000}'..='\u{E007F}')
}

fn reserved(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let port = |word: &str| {
        stem.strip_prefix(word).is_some_and(|rest| {
            let mut rest = rest.chars();
            rest.next()
                .is_some_and(|digit| digit.is_ascii_digit() || "¹²³".contains(digit))
                && rest.next().is_none()
        })
    };
    RESERVED.contains(&stem.as_str()) || port("com") || port("lpt")
}
