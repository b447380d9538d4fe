//! The [sources](crate::sources) of a city as documents of the collection `hall.city`.

use serde_json::{Value, json};

use crate::network::{Configuration, FILE, FOLDER, NetworkSources};
use crate::sources::{SETTINGS, SourceBytes, Sources};

/// The key of the policy text; its file name is in the document, since a revision may come as another kind of file.
pub const POLICY: &str = "policy";

/// The documents that hold `sources`, by key.
#[must_use]
pub fn documents(sources: &Sources) -> Vec<(String, Value)> {
    let settings = (SETTINGS.to_owned(), json!({ "text": sources.settings }));
    let policy = (POLICY.to_owned(), document(&sources.policy));
    let own = sources.standard.iter().chain(&sources.schemas);
    let own = own.map(|file| (file.name.clone(), document(file)));
    let network = sources.network.iter().flat_map(network_documents);
    [settings, policy].into_iter().chain(own).chain(network).collect()
}

/// `network.toml`, and each configuration with the language that it is read in; of configurations only what was not taken out of them.
fn network_documents(network: &NetworkSources) -> Vec<(String, Value)> {
    let description = (format!("{FOLDER}/{FILE}"), json!({ "text": network.text }));
    let configurations = network.configurations.iter().map(|configuration| {
        let document = json!({ "dialect": configuration.dialect, "text": configuration.text });
        (configuration.path(), document)
    });
    std::iter::once(description).chain(configurations).collect()
}

/// The network that documents hold, the configurations in the order of their keys.
fn network(documents: &[(String, Value)]) -> Option<NetworkSources> {
    let text = |document: &Value, field: &str| Some(document.get(field)?.as_str()?.to_owned());
    let inside = documents.iter().filter_map(|(key, document)| {
        let name = key.strip_prefix(FOLDER)?.strip_prefix('/')?;
        Some((name, document))
    });
    let (mut described, mut configurations) = (None, Vec::new());
    for (name, document) in inside {
        if name == FILE {
            described = text(document, "text");
        } else if let (Some(dialect), Some(text)) = (text(document, "dialect"), text(document, "text")) {
            let name = name.to_owned();
            configurations.push(Configuration { name, dialect, text });
        }
    }
    Some(NetworkSources {
        text: described?,
        configurations,
    })
}

/// The sources that documents hold; `None` where the settings or the policy are not among them.
#[must_use]
pub fn sources(documents: &[(String, Value)]) -> Option<Sources> {
    let find = |key: &str| {
        documents
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, document)| document)
    };
    let below = |folder: &str| {
        let files = documents.iter().filter(|(key, _)| key.starts_with(folder));
        files.filter_map(|(key, document)| file(key, document)).collect()
    };
    Some(Sources {
        settings: find(SETTINGS)?.get("text")?.as_str()?.to_owned(),
        policy: file(POLICY, find(POLICY)?)?,
        own_policy: true,
        standard: below("standard/"),
        schemas: below("schemas/"),
        network: network(documents),
    })
}

/// Text is kept as text, so that versions can be compared; what is no UTF-8 (docx, Shift_JIS) as hexadecimal digits.
fn document(file: &SourceBytes) -> Value {
    match std::str::from_utf8(&file.bytes) {
        Ok(text) => json!({ "file": file.name, "text": text }),
        Err(_) => {
            let digits = file.bytes.iter().map(|byte| format!("{byte:02x}"));
            json!({ "file": file.name, "bytes": digits.collect::<String>() })
        }
    }
}

fn file(key: &str, document: &Value) -> Option<SourceBytes> {
    let name = document.get("file").and_then(Value::as_str).unwrap_or(key).to_owned();
    if let Some(text) = document.get("text").and_then(Value::as_str) {
        let bytes = text.as_bytes().to_vec();
        return Some(SourceBytes { name, bytes });
    }
    let digits = document.get("bytes")?.as_str()?.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes = digits.chunks(2).map(byte).collect::<Option<Vec<u8>>>()?;
    Some(SourceBytes { name, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_come_back_as_they_were() {
        let file = |name: &str, bytes: &[u8]| SourceBytes {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        };
        let sources = Sources {
            settings: "name = \"見本市\"\n".to_owned(),
            policy: file("policy.docx", &[0x50, 0x4b, 0xff, 0x00]),
            own_policy: true,
            standard: vec![file("standard/10-own.toml", "# 市の基準".as_bytes())],
            schemas: vec![file("schemas/terminal.json", b"{}")],
            network: Some(NetworkSources {
                text: "# 市のネットワーク\n".to_owned(),
                configurations: vec![Configuration {
                    name: "configs/core.txt".to_owned(),
                    dialect: "yamaha".to_owned(),
                    text: "ip filter 1 pass * *\n".to_owned(),
                }],
            }),
        };
        assert_eq!(super::sources(&documents(&sources)), Some(sources));
    }
}
