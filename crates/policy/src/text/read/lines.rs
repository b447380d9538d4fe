//! How docx and HTML lay out lines alike: labels indented by their level, rows of tables with tabs between the cells.

/// The lines of a paragraph, behind its label if it has one.
///
/// The indentation lets a reader tell levels apart that count with the same digits.
pub(super) fn labelled(label: Option<(usize, String)>, text: &str) -> Vec<String> {
    let Some((level, label)) = label else {
        return text.split('\n').map(str::to_owned).collect();
    };
    let indent = "  ".repeat(level);
    let mut lines: Vec<String> = text.split('\n').map(|line| format!("{indent}  {line}")).collect();
    if let Some(first) = lines.first_mut() {
        let text = first.trim_start();
        *first = format!("{indent}{label}{text}");
    }
    lines
}

/// The lines of a row: cells of one line stand beside each other, a cell of several keeps them.
pub(super) fn row(cells: Vec<Vec<String>>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for mut cell in cells {
        cell.retain(|line| !line.trim().is_empty());
        let single = cell.len() == 1;
        let mut parts = cell.into_iter();
        if let Some(first) = parts.next() {
            match lines.last_mut() {
                Some(last) if open => {
                    last.push('\t');
                    last.push_str(first.trim_start());
                }
                _ => lines.push(first),
            }
            lines.extend(parts);
            open = single;
        }
    }
    lines
}
