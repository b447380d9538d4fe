//! Where new files go: below one folder, never over what came in, never twice under one name.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::inputs::Input;
use crate::output;

/// The folder of outputs, and what may not be written over.
#[derive(Debug)]
pub(super) struct Outputs {
    /// Without links in it.
    folder: PathBuf,
    taken: BTreeSet<PathBuf>,
}

impl Outputs {
    /// Makes the folder, if it is not there.
    pub(super) fn new(folder: &Path, inputs: &[Input]) -> io::Result<Self> {
        output::folder(folder)?;
        let paths = inputs.iter().filter_map(|input| input.path.as_ref());
        Ok(Self {
            folder: folder.canonicalize()?,
            taken: paths.filter_map(|path| path.canonicalize().ok()).collect(),
        })
    }

    /// Writes a new file and gives its path below the folder of outputs.
    pub(super) fn write(&mut self, input: &Input, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        let place = self.folder.join(&input.folder);
        output::folder(&place)?;
        let place = place.canonicalize()?;
        // A link that was there already may lead out.
        if !place.starts_with(&self.folder) || Path::new(name).file_name() != Some(name.as_ref()) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("{} is not below {}", place.join(name).display(), self.folder.display()),
            ));
        }
        let path = self.free(&place, name);
        output::replace_beside_others(&path, bytes)?;
        let below = path.strip_prefix(&self.folder).unwrap_or(&path).to_owned();
        self.taken.insert(path);
        Ok(below)
    }

    /// The name, or the first with a number that nothing of this call has.
    fn free(&self, place: &Path, name: &str) -> PathBuf {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let mut path = place.join(name);
        let mut number = 2_u64;
        while self.taken.contains(&path) || path.is_dir() {
            path = place.join(format!("{stem} ({number}).{extension}"));
            number = number.saturating_add(1);
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::super::inputs::inputs;
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    fn put(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn found(paths: &[PathBuf], out: &Path) -> Vec<Input> {
        inputs(paths, None, Some(out)).unwrap().0
    }

    #[test]
    fn an_output_never_replaces_an_input_nor_another_output() {
        let temp = TempDir::new().unwrap();
        let file = temp.path().join("a.csv");
        put(&file, "old");
        let inputs = found(std::slice::from_ref(&file), temp.path());
        let mut outputs = Outputs::new(temp.path(), &inputs).unwrap();
        assert_eq!(
            outputs.write(&inputs[0], "a.csv", b"1").unwrap(),
            Path::new("a (2).csv")
        );
        assert_eq!(
            outputs.write(&inputs[0], "a.csv", b"2").unwrap(),
            Path::new("a (3).csv")
        );
        let read = |name: &str| fs::read_to_string(temp.path().join(name)).unwrap();
        assert_eq!([read("a.csv"), read("a (2).csv"), read("a (3).csv")], ["old", "1", "2"]);
        assert_eq!(temp.path().read_dir().unwrap().count(), 3, "nothing unfinished is left");
    }

    #[test]
    fn folders_keep_their_structure_and_the_folder_of_outputs_is_no_input() {
        let temp = TempDir::new().unwrap();
        let out = temp.path().join("in/out");
        put(&temp.path().join("in/b/c.csv"), "");
        put(&temp.path().join("in/a.csv"), "");
        put(&out.join("old.csv"), "");
        let inputs = found(&[temp.path().join("in")], &out);
        let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names, ["a.csv", "b/c.csv"]);
        let mut outputs = Outputs::new(&out, &inputs).unwrap();
        assert_eq!(outputs.write(&inputs[1], "c.csv", b"1").unwrap(), Path::new("b/c.csv"));
        assert!(out.join("b/c.csv").is_file());
    }

    #[test]
    #[cfg(unix)]
    fn no_link_leads_an_output_out_of_its_folder_nor_an_input_into_another() {
        use std::os::unix::fs::symlink;

        let temp = TempDir::new().unwrap();
        let (out, outside) = (temp.path().join("out"), temp.path().join("outside"));
        put(&temp.path().join("in/b/c.csv"), "");
        put(&outside.join("kept.csv"), "kept");
        put(&out.join("there.csv"), "");
        symlink(&outside, temp.path().join("in/link")).unwrap();
        symlink(&outside, out.join("b")).unwrap();
        symlink(outside.join("kept.csv"), out.join("a.csv")).unwrap();
        let (inputs, skipped) = inputs(&[temp.path().join("in")], None, Some(&out)).unwrap();
        assert_eq!((inputs.len(), skipped.len()), (1, 1));
        let mut outputs = Outputs::new(&out, &inputs).unwrap();
        let refused = outputs.write(&inputs[0], "c.csv", b"1").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        assert!(outputs.write(&inputs[0], "../c.csv", b"1").is_err());
        let flat = Input {
            path: None,
            folder: PathBuf::new(),
            name: "a.csv".to_owned(),
        };
        outputs.write(&flat, "a.csv", b"new").unwrap();
        assert_eq!(fs::read_to_string(out.join("a.csv")).unwrap(), "new");
        assert_eq!(fs::read_to_string(outside.join("kept.csv")).unwrap(), "kept");
        assert_eq!(outside.read_dir().unwrap().count(), 1);
    }
}
