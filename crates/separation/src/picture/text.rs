//! How wide text will be, where it is broken, and what of it may stand in a picture.

/// The width of a text, in units of its size: full-width characters are one, Latin ones as wide as they are in common sans-serif fonts.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'f' | 't' | 'r' | ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | '[' | ']'
        | '/' => 0.38,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.95,
        'A'..='Z' | '&' | '#' => 0.72,
        // Half-width katakana, and everything before the scripts of East Asia.
        '\u{ff61}'..='\u{ff9f}' | '\0'..='\u{10ff}' => 0.6,
        _ => 1.0,
    }
}

/// Lines of at most `most` units. Latin words and runs of one script stay whole where they can; what must be broken is broken into parts of
/// about the same length, and no line begins with a character that may not begin one.
pub(super) fn wrapped(text: &str, most: f64) -> Vec<String> {
    let rows = (width(text) / most).ceil().max(1.0);
    let part = (width(text) / rows).min(most);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let whole = width(piece.trim_end()) <= most;
        if whole && !line.is_empty() && width(&line) + width(piece.trim_end()) > most {
            lines.push(std::mem::take(&mut line));
        }
        for c in piece.chars() {
            let full = width(&line) + advance(c) > most;
            let enough = !whole && width(&line) >= part && !joins(c);
            if !line.is_empty() && (full || enough) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    lines.push(line);
    lines.into_iter().map(|line| line.trim().to_owned()).collect()
}

/// Whether no line may begin with it: small kana, the mark of length, closing marks.
fn joins(c: char) -> bool {
    "ァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎー)」』】、。,.・".contains(c)
}

/// What a run is made of.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Script {
    Latin,
    Space,
    Katakana,
    Hiragana,
    Other,
}

fn script(c: char) -> Script {
    match c {
        ' ' => Script::Space,
        'ァ'..='ー' => Script::Katakana,
        'ぁ'..='ゖ' => Script::Hiragana,
        c if advance(c) < 1.0 => Script::Latin,
        _ => Script::Other,
    }
}

/// Runs of one script, each with what closes it and the space after it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let ends = before.is_some_and(|before| script(before) != script(c)) && script(c) != Script::Space && !joins(c);
        if ends {
            pieces.extend(text.get(start..at));
            start = at;
        }
        before = Some(c);
    }
    pieces.extend(text.get(start..));
    pieces
}

/// The text, or its beginning with a mark that it goes on, within `most` units.
pub(super) fn shortened(text: &str, most: f64) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut taken = 1.0;
    for c in text.chars() {
        taken += advance(c);
        if taken > most {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

/// Text for XML and HTML. What neither may hold, and what turns the direction of writing, becomes a mark.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() => escaped.push('\u{fffd}'),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push('\u{fffd}');
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_characters_are_one_and_latin_ones_less() {
        assert!((width("三層") - 2.0).abs() < 1e-9);
        assert!(width("LGWAN") < 4.0 && width("LGWAN") > 3.0);
        assert!(width("\u{ff8a}") < 1.0);
    }

    #[test]
    fn lines_keep_words_whole_and_are_never_too_wide() {
        assert_eq!(wrapped("マイナンバー利用事務系", 9.0), ["マイナンバー", "利用事務系"]);
        assert_eq!(wrapped("県セキュリティクラウド", 9.0), ["県セキュリティ", "クラウド"]);
        assert_eq!(
            wrapped("LGWAN(総合行政ネットワーク)", 9.0),
            ["LGWAN(総合行政", "ネットワーク)"]
        );
        assert_eq!(wrapped("security cloud", 6.0), ["security", "cloud"]);
        for text in [
            "averyveryverylongname",
            "LGWAN接続系とその向こう側",
            "a b c d e f g",
            "",
        ] {
            for line in wrapped(text, 5.0) {
                assert!(width(&line) <= 5.0, "{line}");
            }
        }
    }

    #[test]
    fn what_is_too_long_is_marked() {
        assert_eq!(shortened("tcp/443", 10.0), "tcp/443");
        let short = shortened("無害化と受渡しの通信", 5.0);
        assert!(short.ends_with('…') && width(&short) <= 5.0);
    }

    #[test]
    fn nothing_of_a_name_is_markup() {
        let hostile = escaped("<script>\"'&\u{202e}\u{0}]]>");
        assert_eq!(hostile, "&lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd}]]&gt;");
    }
}
