//! Which language a visitor reads: what the address asks for (`?lang=en`), else what they chose before, else Japanese.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue, Uri};
use model::lang::Lang;

/// The name of the cookie and of the parameter.
const NAME: &str = "lang";

/// The code that HTML and addresses use.
#[must_use]
pub const fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "ja",
        Lang::En => "en",
    }
}

/// The other language, in which every page offers itself.
#[must_use]
pub const fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Ja => Lang::En,
        Lang::En => Lang::Ja,
    }
}

/// What the address asks for.
#[must_use]
pub fn asked(uri: &Uri) -> Option<Lang> {
    let mut pairs = uri.query().unwrap_or_default().split('&');
    pairs.find_map(|pair| pair.strip_prefix(NAME)?.strip_prefix('=').and_then(read))
}

/// The language of a request.
#[must_use]
pub fn of(uri: &Uri, headers: &HeaderMap) -> Lang {
    asked(uri).or_else(|| chosen(headers)).unwrap_or_default()
}

fn chosen(headers: &HeaderMap) -> Option<Lang> {
    cookie(headers, NAME).and_then(read)
}

fn read(code: &str) -> Option<Lang> {
    match code {
        "ja" => Some(Lang::Ja),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The header that remembers a choice for a year.
#[must_use]
pub const fn remember(lang: Lang) -> HeaderValue {
    HeaderValue::from_static(match lang {
        Lang::Ja => "lang=ja; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
        Lang::En => "lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
    })
}

/// The value of a cookie (RFC 6265, section 4.2.1).
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The same address in another language, every other parameter kept.
#[must_use]
pub fn address(uri: &Uri, lang: Lang) -> String {
    let kept = uri.query().unwrap_or_default().split('&');
    let kept = kept.filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
    let mut query: Vec<&str> = kept.collect();
    let asked = match lang {
        Lang::Ja => "lang=ja",
        Lang::En => "lang=en",
    };
    query.push(asked);
    format!("{}?{}", uri.path(), query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_stands_above_the_cookie_and_the_cookie_above_japanese() {
        let mut headers = HeaderMap::new();
        assert_eq!(of(&Uri::from_static("/?x=1"), &headers), Lang::Ja);
        headers.insert(COOKIE, HeaderValue::from_static("session=1; lang=en"));
        assert_eq!(of(&Uri::from_static("/?x=1"), &headers), Lang::En);
        assert_eq!(of(&Uri::from_static("/?x=1&lang=ja"), &headers), Lang::Ja);
        assert_eq!(of(&Uri::from_static("/?lang=fr"), &headers), Lang::En);
    }

    #[test]
    fn switching_the_language_keeps_what_else_the_address_says() {
        let uri = Uri::from_static("/registers/terminal?q=a&lang=ja&page=2");
        assert_eq!(address(&uri, Lang::En), "/registers/terminal?q=a&page=2&lang=en");
        assert_eq!(address(&Uri::from_static("/"), Lang::En), "/?lang=en");
    }
}
