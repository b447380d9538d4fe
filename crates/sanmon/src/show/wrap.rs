//! Japanese text set to a width, with the usual care for what may not begin a line.

use unicode_width::UnicodeWidthChar;

/// Marks that may not stand at the beginning of a line (行頭禁則).
const NOT_FIRST: &str = "、。，．・)）」』】〕》〉!！?？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";

/// Breaks `text` into lines of at most `width` columns; Latin words and numbers stay whole where they can.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut columns = 0;
        for piece in pieces(paragraph) {
            let wide: usize = piece.chars().filter_map(UnicodeWidthChar::width).sum();
            let first = piece.chars().next().unwrap_or(' ');
            if columns > 0 && columns + wide > width && !NOT_FIRST.contains(first) {
                lines.push(line.trim_end().to_owned());
                line = String::new();
                columns = 0;
                if piece.trim().is_empty() {
                    continue;
                }
            }
            line.push_str(piece);
            columns += wide;
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Runs of ASCII that belong together, and everything else character by character.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let joined = first.is_ascii_graphic();
        let end = if joined {
            rest.find(|c: char| !c.is_ascii_graphic()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_begins_with_a_full_stop_and_words_stay_whole() {
        assert_eq!(wrap("あいうえ。か", 8), ["あいうえ。", "か"]);
        assert_eq!(wrap("端末 LGWAN を", 8), ["端末", "LGWAN を"]);
        assert_eq!(wrap("一\n二", 8), ["一", "二"]);
    }
}
