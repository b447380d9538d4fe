//! Colour, on a terminal only.

use std::io::IsTerminal;

use policy::judge::Standing;

/// Whether to colour, and how wide to set text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    colour: bool,
    /// In columns of the terminal.
    pub(crate) width: usize,
}

impl Paint {
    /// For standard output: colour where it is a terminal and `NO_COLOR` is not set (no-color.org).
    pub(crate) fn for_stdout() -> Self {
        let colour =
            std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        Self {
            colour,
            width: columns.unwrap_or(100).clamp(40, 120),
        }
    }

    pub(crate) const fn is_coloured(self) -> bool {
        self.colour
    }

    /// `text` in the colour of a standing.
    pub(crate) fn standing(self, standing: Standing, text: &str) -> String {
        let code = match standing {
            Standing::Broken => "1;31",
            Standing::Unproven => "1;35",
            Standing::Excepted => "1;33",
            Standing::Kept => "32",
            Standing::NotApplicable => "2",
        };
        self.code(code, text)
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.code("1", text)
    }

    pub(crate) fn faint(self, text: &str) -> String {
        self.code("2", text)
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
