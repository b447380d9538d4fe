//! A backup every night: one file, restored at once into a database of its own and verified there. Old ones go only after a newer one
//! was found sound.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use model::lang::Text;
use service::hall::Refusal;
use service::hall::notices::{Link, kinds};
use service::hall::operation::{Backup, Outcome};
use store::Blobs;
use store::backup::Contents;

use super::{Within, verified};
use crate::output;
use crate::serve::Stopped;

/// `sanmon-2026-11-23.backup`
const PREFIX: &str = "sanmon-";
const SUFFIX: &str = ".backup";

/// Makes the backup of the day, once its hour has come and there is none.
pub(super) fn run(within: &Within) -> Result<(), Refusal> {
    let backup = &within.configuration.backup;
    let Some(folder) = &backup.folder else { return Ok(()) };
    let (now, today) = (within.hall.clock().now(), within.hall.clock().today());
    let hour = TimeZone::fixed(offset(9)).to_datetime(now).hour();
    let last = within.hall.last_backup()?;
    // A backup that failed is tried again the next hour.
    let is_done = last.is_some_and(|last| match last.outcome {
        Outcome::Sound { .. } => last.day == today,
        Outcome::Failed => now.duration_since(last.at) < jiff::SignedDuration::from_hours(1),
    });
    if hour < backup.hour || is_done {
        return Ok(());
    }
    let outcome = match make(within, folder, today) {
        Ok(size) => {
            thin(folder, backup.keep);
            Outcome::Sound { size }
        }
        Err(why) => {
            tracing::error!(?why, "there is no backup of today");
            Outcome::Failed
        }
    };
    let kept = Backup {
        day: today,
        at: now,
        outcome,
    };
    within.hall.note_backup(&kept)?;
    if kept.outcome == Outcome::Failed {
        tell(within, today)?;
    }
    Ok(())
}

/// Writes it and proves it; how many ledger entries it holds.
fn make(within: &Within, folder: &Path, today: Date) -> Result<u64, Stopped> {
    let hall = &within.hall;
    let path = folder.join(format!("{PREFIX}{today}{SUFFIX}"));
    // The checkpoint is read before the database, so that it never speaks of more than the copy has.
    let checkpoint = hall.notary().checkpoint();
    let files: Vec<(String, Vec<u8>)> = checkpoint
        .into_iter()
        .map(|note| ("checkpoint".to_owned(), note.into_bytes()))
        .collect();
    let blobs = Blobs::in_folder(&within.blobs)?;
    let contents = Contents {
        files: &files,
        blobs: Some(&blobs),
    };
    let unproved = path.with_extension("unproved");
    let header = output::stream(&unproved, |out| -> Result<_, Stopped> {
        Ok(hall.store().back_up(&contents, out)?)
    })?;
    let sound = verified::verify(&unproved, folder);
    if let Err(why) = sound {
        output::remove(&unproved)?;
        return Err(why);
    }
    output::settle(&unproved, &path)?;
    Ok(header.size)
}

/// Removes the oldest ones, so that `keep` are left.
fn thin(folder: &Path, keep: usize) {
    let mut kept = backups(folder);
    kept.sort();
    let surplus = kept.len().saturating_sub(keep);
    for path in kept.into_iter().take(surplus) {
        if let Err(error) = output::remove(&path) {
            tracing::warn!(%error, "an old backup cannot be removed");
        }
    }
}

/// The backups of a folder that this job made; whatever else lies there is left alone.
fn backups(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let day = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
        day.is_some_and(|day| day.parse::<Date>().is_ok())
    });
    ours.map(|entry| entry.path()).collect()
}

fn tell(within: &Within, today: Date) -> Result<(), Refusal> {
    let title = Text::fixed(
        "今日のバックアップを作れませんでした。置き場所の空きと権限を確かめてください",
        "there is no backup of today; check space and rights where backups go",
    );
    within
        .hall
        .tell_administrators(&kinds::backup::KIND, &today.to_string(), title, Link::Administration)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn only_the_oldest_of_our_own_backups_go() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "sanmon-2026-11-21.backup",
            "sanmon-2026-11-22.backup",
            "sanmon-2026-11-23.backup",
            "sanmon-before-move.backup",
            "other.txt",
        ] {
            output::write(&folder.path().join(name), b"x").unwrap();
        }
        thin(folder.path(), 2);
        assert_eq!(
            names(folder.path()),
            [
                "other.txt",
                "sanmon-2026-11-22.backup",
                "sanmon-2026-11-23.backup",
                "sanmon-before-move.backup"
            ]
        );
    }
}
