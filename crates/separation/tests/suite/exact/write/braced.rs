//! Lines of words, as `set` commands or as the same words in braces.

use std::fmt::Write;

use separation::diagram::generate::Stream;

/// Words below which several others stand as a list.
const LISTS: [&str; 9] = [
    "source-address",
    "destination-address",
    "application",
    "protocol",
    "source",
    "destination",
    "from",
    "to",
    "service",
];

/// The file of some settings, of which each is words with spaces between; the stream chooses the form.
pub(super) fn file(settings: &[String], stream: &mut Stream) -> String {
    let mut file = String::new();
    if stream.chance(50) {
        for setting in settings {
            _ = writeln!(file, "set {setting}");
        }
        return file;
    }
    let mut root = Node::default();
    for setting in settings {
        root.insert(&words(setting));
    }
    for child in &root.children {
        child.write(0, stream, &mut file);
    }
    file
}

/// Words with spaces between; one in quotes may have spaces itself.
fn words(setting: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (at, part) in setting.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(format!("\"{part}\""));
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[derive(Default)]
struct Node {
    word: String,
    children: Vec<Node>,
}

impl Node {
    fn insert(&mut self, words: &[String]) {
        let Some((word, rest)) = words.split_first() else {
            return;
        };
        let at = self.children.iter().position(|child| child.word == *word);
        let at = at.unwrap_or_else(|| {
            self.children.push(Self {
                word: word.clone(),
                children: Vec::new(),
            });
            self.children.len() - 1
        });
        self.children[at].insert(rest);
    }

    fn write(&self, depth: usize, stream: &mut Stream, file: &mut String) {
        _ = write!(file, "{:1$}{2}", "", depth * 4, self.word);
        let mut node = self;
        while let [only] = node.children.as_slice() {
            _ = write!(file, " {}", only.word);
            node = only;
        }
        let leaves = node.children.iter().all(|child| child.children.is_empty());
        if node.children.is_empty() {
            file.push_str(";\n");
        } else if leaves && LISTS.contains(&&*node.word) && stream.chance(70) {
            let words: Vec<&str> = node.children.iter().map(|child| &*child.word).collect();
            _ = writeln!(file, " [ {} ];", words.join(" "));
        } else {
            file.push_str(" {\n");
            for child in &node.children {
                child.write(depth + 1, stream, file);
            }
            _ = writeln!(file, "{:1$}}}", "", depth * 4);
        }
    }
}
