//! Lines of words, as `set` commands, as the same words in braces, or as XML.

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
    for child in &tree(settings).children {
        child.write(0, stream, &mut file);
    }
    file
}

/// Words of which each word below is an entry with that word as its name.
const ENTRIES: [&str; 10] = [
    "rules",
    "address",
    "address-group",
    "service",
    "service-group",
    "zone",
    "ethernet",
    "units",
    "virtual-router",
    "static-route",
];

/// The document of some settings of a device with one virtual system.
pub(super) fn document(settings: &[String]) -> String {
    let mut file = "<?xml version=\"1.0\"?>\n<config version=\"10.2.0\" urldb=\"paloaltonetworks\">\n".to_owned();
    let root = tree(settings);
    let part = |words: &[&str], file: &mut String| {
        for child in root.children.iter().filter(|child| words.contains(&&*child.word)) {
            child.element(file);
        }
    };
    part(&["shared"], &mut file);
    file.push_str("<devices><entry name=\"localhost.localdomain\">\n");
    part(&["deviceconfig", "network"], &mut file);
    file.push_str("<vsys><entry name=\"vsys1\">\n");
    part(
        &[
            "zone",
            "address",
            "address-group",
            "service",
            "service-group",
            "rulebase",
        ],
        &mut file,
    );
    file.push_str("</entry></vsys>\n</entry></devices>\n");
    part(&["policy"], &mut file);
    file.push_str("</config>\n");
    file
}

fn tree(settings: &[String]) -> Node {
    let mut root = Node::default();
    for setting in settings {
        root.insert(&words(setting));
    }
    root
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

    /// As XML: an element with entries, members, a text, or elements in it.
    fn element(&self, file: &mut String) {
        if self.children.is_empty() {
            _ = writeln!(file, "<{}/>", self.word);
            return;
        }
        _ = writeln!(file, "<{}>", self.word);
        self.inner(file);
        _ = writeln!(file, "</{}>", self.word);
    }

    fn inner(&self, file: &mut String) {
        let several = self.children.len() > 1 || LISTS.contains(&&*self.word);
        for child in &self.children {
            let word = &child.word;
            match child.children.is_empty() {
                true if self.word == "ip" => _ = writeln!(file, "<entry name=\"{word}\"/>"),
                true if several => _ = writeln!(file, "<member>{word}</member>"),
                true => file.push_str(word),
                false if ENTRIES.contains(&&*self.word) => {
                    _ = writeln!(file, "<entry name=\"{word}\">");
                    child.inner(file);
                    file.push_str("</entry>\n");
                }
                false => child.element(file),
            }
        }
    }
}
