//! A copy of the sample city that a test may spoil.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails here"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use policy::judge::{Judge, Standing};
use service::folder::Folder;
use service::problem::Problem;
use service::report::Places;
use tempfile::TempDir;

pub(crate) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample")
}

pub(crate) struct City {
    dir: PathBuf,
    _temp: Option<TempDir>,
}

/// A broken finding with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) duty: String,
    /// Whether an engine found it, not a criterion over the registers.
    pub(crate) is_engines: bool,
    pub(crate) key: String,
    pub(crate) file: String,
    pub(crate) row: u32,
    pub(crate) cell: String,
    pub(crate) reason: String,
}

impl City {
    pub(crate) fn sample() -> Self {
        Self {
            dir: sample(),
            _temp: None,
        }
    }

    /// The sample's text and registers, without its network: what is found there is asked by itself.
    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    pub(crate) fn copy() -> Self {
        let temp = TempDir::new().unwrap();
        std::fs::create_dir_all(temp.path().join("registers")).unwrap();
        for name in ["city.toml", "policy.txt"] {
            std::fs::copy(sample().join(name), temp.path().join(name)).unwrap();
        }
        for entry in std::fs::read_dir(sample().join("registers")).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, temp.path().join("registers").join(path.file_name().unwrap())).unwrap();
        }
        Self {
            dir: temp.path().to_path_buf(),
            _temp: Some(temp),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.dir.join(name)).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.dir.join(name)).unwrap()
    }

    pub(crate) fn folder(&self) -> Result<Folder, Vec<Problem>> {
        Folder::read(&self.dir, None, &mut |_| {})
    }

    pub(crate) fn judge(&self) -> Judge {
        let folder = self.folder().unwrap_or_else(|problems| panic!("{problems:#?}"));
        let today = folder.city.settings.as_of.unwrap();
        folder.judge(today).unwrap_or_else(|problems| panic!("{problems:#?}"))
    }

    /// Every broken finding.
    pub(crate) fn broken(&self) -> Vec<Found> {
        let folder = self.folder().unwrap_or_else(|problems| panic!("{problems:#?}"));
        let judge = folder
            .judge(folder.city.settings.as_of.unwrap())
            .unwrap_or_else(|problems| panic!("{problems:#?}"));
        let mut broken = Vec::new();
        for verdict in judge.verdicts() {
            for finding in verdict
                .findings
                .iter()
                .filter(|finding| finding.standing == Standing::Broken)
            {
                let found = Found {
                    duty: verdict.duty.id.clone(),
                    is_engines: verdict.duty.criterion.word() == "engine",
                    reason: finding.reason.ja.to_string(),
                    ..Found::default()
                };
                broken.push(match (&finding.line, &finding.place) {
                    (Some(line), _) => Found {
                        file: line.file.clone(),
                        row: line.line,
                        ..found
                    },
                    (None, Some(place)) => {
                        let at = folder.place(place);
                        Found {
                            key: place.key.clone().unwrap_or_default(),
                            file: at.file,
                            row: at.row.unwrap_or_default(),
                            cell: at.cell.unwrap_or_default(),
                            ..found
                        }
                    }
                    (None, None) => panic!("{finding:#?} has no place"),
                });
            }
        }
        broken
    }

    fn file(register: &str) -> String {
        format!("registers/{register}.csv")
    }

    /// Headings and rows of a register.
    fn table(&self, register: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let text = String::from_utf8(self.read(&Self::file(register))).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let mut rows = reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
        (rows.next().unwrap(), rows.collect())
    }

    fn store(&self, register: &str, headings: &[String], rows: &[Vec<String>]) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(headings).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        self.write(&Self::file(register), writer.into_inner().unwrap());
    }

    fn column(headings: &[String], label: &str) -> usize {
        headings
            .iter()
            .position(|heading| heading == label)
            .unwrap_or_else(|| panic!("no column {label}"))
    }

    /// Sets one cell of the row with this code (the first column).
    pub(crate) fn set(&self, register: &str, code: &str, label: &str, value: &str) {
        let (headings, mut rows) = self.table(register);
        let row = rows
            .iter_mut()
            .find(|row| row[0] == code)
            .unwrap_or_else(|| panic!("no row {code}"));
        row[Self::column(&headings, label)] = value.to_owned();
        self.store(register, &headings, &rows);
    }

    /// Takes every row away whose cell has this value.
    pub(crate) fn remove_row(&self, register: &str, label: &str, value: &str) {
        let (headings, mut rows) = self.table(register);
        let column = Self::column(&headings, label);
        let before = rows.len();
        rows.retain(|row| row[column] != value);
        assert!(rows.len() < before);
        self.store(register, &headings, &rows);
    }

    /// `C17` of the cell under a heading in the row with this code.
    pub(crate) fn cell(&self, register: &str, code: &str, label: &str) -> String {
        let (headings, rows) = self.table(register);
        let row = rows.iter().position(|row| row[0] == code).unwrap() + 2;
        let column = Self::column(&headings, label);
        let letter = |n: usize| char::from(b'A' + u8::try_from(n).unwrap());
        let letters = if column < 26 {
            letter(column).to_string()
        } else {
            format!("{}{}", letter(column / 26 - 1), letter(column % 26))
        };
        format!("{letters}{row}")
    }

    /// The code of the first row that is neither planted nor excepted and that `wanted` accepts.
    pub(crate) fn first(&self, register: &str, wanted: impl Fn(&HashMap<&str, &str>) -> bool) -> String {
        let readme = std::fs::read_to_string(sample().join("README.md")).unwrap();
        let (headings, rows) = self.table(register);
        let found = rows.iter().find(|row| {
            let named: HashMap<&str, &str> = headings
                .iter()
                .map(String::as_str)
                .zip(row.iter().map(String::as_str))
                .collect();
            wanted(&named) && !readme.contains(&format!("| {} |", row[0]))
        });
        found.expect("a row").first().unwrap().clone()
    }
}
