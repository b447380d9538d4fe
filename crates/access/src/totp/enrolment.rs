//! How a secret reaches an authenticator app.

use std::fmt::Write as _;

use qrcode::{Color, QrCode};

use super::{Authenticator, DIGITS, STEP};

/// The `otpauth` URI (Google Authenticator, "Key Uri Format"). `issuer` is the name of the service, `account` that of
/// the person's account; both are shown in the app.
#[must_use]
pub fn uri(authenticator: &Authenticator, issuer: &str, account: &str) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    let secret = authenticator.base32();
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}"
    )
}

/// Modules of white around a QR code (ISO/IEC 18004, section 5.3.8).
const QUIET: usize = 4;

/// A text as a QR code: an SVG document of black squares on white, without script or style, fit for an `<img>` under a
/// strict Content-Security-Policy. `None` where the text is too long for a QR code.
#[must_use]
pub fn qr_svg(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        for (x, length) in runs(row) {
            let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET);
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

/// Where dark modules of a row begin, and how many follow each other.
fn runs(row: &[Color]) -> Vec<(usize, usize)> {
    let mut at = 0;
    let mut runs = Vec::new();
    for run in row.chunk_by(|one, next| one == next) {
        if run.first() == Some(&Color::Dark) {
            runs.push((at, run.len()));
        }
        at += run.len();
    }
    runs
}

/// Percent-encoded (RFC 3986), all but unreserved characters.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::totp::Authenticator;
    use model::random::SeededRandom;

    #[test]
    fn the_uri_names_service_and_account() {
        let uri = uri(&Authenticator::draw(&SeededRandom::new(1)), "見本市 三門", "p0104&x=1");
        let name = "%E8%A6%8B%E6%9C%AC%E5%B8%82%20%E4%B8%89%E9%96%80";
        assert!(uri.starts_with(&format!("otpauth://totp/{name}:p0104%26x%3D1?secret=")));
        assert!(uri.ends_with(&format!("&issuer={name}&algorithm=SHA1&digits=6&period=30")));
    }

    #[test]
    fn the_qr_code_draws_every_dark_module_and_no_other() {
        let text = "otpauth://totp/x";
        let code = QrCode::new(text).unwrap();
        let svg = qr_svg(text).unwrap();
        let lengths = svg.split("v1h-").skip(1).filter_map(|part| part.split_once('z'));
        let drawn: usize = lengths.map(|(length, _)| length.parse::<usize>().unwrap()).sum();
        assert_eq!(
            drawn,
            code.to_colors().iter().filter(|color| **color == Color::Dark).count()
        );
        assert!(!svg.contains("style=") && !svg.contains("<script"));
        assert_eq!(qr_svg(&"x".repeat(5000)), None);
    }
}
