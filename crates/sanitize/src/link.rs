//! Where links may lead.

use crate::class::Class;

/// Where a link leads, without what browsers skip; or what is wrong with it.
///
/// # Errors
/// The class of a target that is not carried over: a script, something that programs open by themselves, another file.
pub(crate) fn checked(target: &str) -> Result<String, Class> {
    // Browsers skip these, wherever they stand (URL Living Standard, 4.4).
    let skipped = |character: char| character.is_control() || crate::name::misleads(character);
    let target: String = target.trim().chars().filter(|character| !skipped(*character)).collect();
    let Some((scheme, rest)) = target.split_once(':') else {
        // Another file, or another place in this one: neither is there.
        return Err(Class::Dangling);
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" if rest.starts_with("//") && rest.len() > 2 => Ok(target),
        "mailto" | "tel" => Ok(target),
        "javascript" | "vbscript" | "data" => Err(Class::Script),
        _ => Err(Class::ExternalTarget),
    }
}
