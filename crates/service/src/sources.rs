//! The files that make a city, apart from the rows of its registers; they come from a folder or from the database.

use std::fs;
use std::path::{Path, PathBuf};

use policy::standard::shipped_parameters;

use crate::network::NetworkSources;
use crate::problem::Problem;
use crate::settings::Settings;

/// The file that says who the city is.
pub const SETTINGS: &str = "city.toml";

/// One file: its path relative to the city folder, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceBytes {
    /// `standard/10-own.toml`
    pub name: String,
    /// As they are.
    pub bytes: Vec<u8>,
}

/// Everything that a city decided for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// The text of `city.toml`.
    pub settings: String,
    /// The policy text.
    pub policy: SourceBytes,
    /// Whether the policy text is the city's own, so that the bindings of `city.toml` are about its clauses.
    pub own_policy: bool,
    /// The city's duties: `standard/*.toml`.
    pub standard: Vec<SourceBytes>,
    /// The city's fields and registers: `schemas/*.json`.
    pub schemas: Vec<SourceBytes>,
    /// The city's network, where it describes one: `network/network.toml` and the configurations of its devices, without their secrets.
    pub network: Option<NetworkSources>,
}

impl Sources {
    /// Reads the files of a folder; `policy` takes the place of the city's own policy text.
    ///
    /// # Errors
    /// `city.toml` is not right, or a file cannot be read.
    pub fn of_folder(dir: &Path, policy: Option<&Path>) -> Result<Self, Vec<Problem>> {
        let settings = settings_text(dir)?;
        let named = read_settings(&settings)?.policy;
        let path = policy.map_or_else(|| dir.join(&named), Path::to_path_buf);
        let mut problems = Vec::new();
        let name = path.display().to_string();
        let bytes = fs::read(&path).unwrap_or_else(|error| {
            problems.push(Problem::unreadable(&name, &error));
            Vec::new()
        });
        let network = NetworkSources::of_folder(dir).unwrap_or_else(|found| {
            problems.extend(found);
            None
        });
        let sources = Self {
            settings,
            policy: SourceBytes { name, bytes },
            own_policy: policy.is_none(),
            standard: files(dir, "standard", &["toml"], &mut problems),
            schemas: files(dir, "schemas", &["json"], &mut problems),
            network,
        };
        if problems.is_empty() {
            Ok(sources)
        } else {
            Err(problems)
        }
    }
}

/// Reads `city.toml` of a folder.
///
/// # Errors
/// The file cannot be read, or every key in it that is not right.
pub fn settings_of_folder(dir: &Path) -> Result<Settings, Vec<Problem>> {
    read_settings(&settings_text(dir)?)
}

fn settings_text(dir: &Path) -> Result<String, Vec<Problem>> {
    fs::read_to_string(dir.join(SETTINGS)).map_err(|error| vec![Problem::unreadable(SETTINGS, &error)])
}

/// Reads the text of `city.toml`.
///
/// # Errors
/// Every key in it that is not right.
pub fn read_settings(source: &str) -> Result<Settings, Vec<Problem>> {
    let parameters = shipped_parameters().unwrap_or_default();
    Settings::read(source, &parameters).map_err(|diagnostics| {
        let problems = diagnostics.into_iter().map(|diagnostic| Problem {
            source: Some(source.into()),
            ..Problem::whole(SETTINGS, diagnostic)
        });
        problems.collect()
    })
}

/// The files of a folder of the city with one of these extensions, by name; an absent folder has none.
pub(crate) fn files(dir: &Path, folder: &str, extensions: &[&str], problems: &mut Vec<Problem>) -> Vec<SourceBytes> {
    let entries = match fs::read_dir(dir.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            problems.push(Problem::unreadable(folder, &error));
            return Vec::new();
        }
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        let known = extensions.iter().any(|known| known.eq_ignore_ascii_case(extension));
        // A spreadsheet program leaves `~$name.xlsx` beside a file that it has open.
        if !path.is_file() || !known || name.starts_with(['.', '~']) {
            continue;
        }
        let name = format!("{folder}/{name}");
        match fs::read(&path) {
            Ok(bytes) => files.push(SourceBytes { name, bytes }),
            Err(error) => problems.push(Problem::unreadable(name, &error)),
        }
    }
    files
}
