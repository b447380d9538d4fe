//! `sanmon sanitize FILE… --out DIR`

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::num::NonZero;
use std::sync::{Condvar, Mutex, PoisonError, mpsc};
use std::thread;

use model::lang::{Lang, Text};
use sanitize::receipt;
use sanitize::worker::Done;

use super::Engine;
use super::inputs::{Input, inputs};
use super::outputs::Outputs;
use crate::cli::{Format, Sanitize};
use crate::commands::place::unreadable;
use crate::commands::{Desk, Outcome};
use crate::show::receipt as show;

pub(super) fn run(arguments: &Sanitize, desk: Desk) -> io::Result<Outcome> {
    let (inputs, skipped) = match inputs(&arguments.files, arguments.name.as_deref(), arguments.out.as_deref()) {
        Ok(found) => found,
        Err(why) => return desk.stop(&why),
    };
    let to = match (&arguments.out, inputs.as_slice()) {
        (Some(folder), inputs) => match Outputs::new(folder, inputs) {
            Ok(outputs) => To::Folder(outputs),
            Err(error) => return desk.stop(&unwritable(&folder.display().to_string(), &error)),
        },
        (None, [Input { path: None, .. }]) => To::Stdout,
        (None, _) => {
            return desk.stop(&Text::fixed(
                "書き出すフォルダを --out で言う",
                "say with --out where the new files go",
            ));
        }
    };
    let jobs = arguments
        .jobs
        .map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), usize::from);
    let jobs = jobs.min(inputs.len()).max(1);
    let engine = match Engine::start(&arguments.terms, jobs) {
        Ok(engine) => engine,
        Err(why) => return desk.stop(&why),
    };
    let mut batch = Batch {
        to,
        report: arguments.report,
        desk,
        total: inputs.len(),
        rebuilt: 0,
        refused: 0,
    };
    for why in &skipped {
        desk.note(why)?;
    }
    in_order(
        &inputs,
        jobs,
        |input| engine.treat(input),
        |input, done| batch.take(input, done),
    )?;
    batch.close(skipped.len())
}

/// Does `work` for each input, so many at once, and gives the results to `take` in the order of the inputs. Nobody runs so far ahead
/// that finished files pile up.
fn in_order<I: Sync, T: Send>(
    inputs: &[I],
    jobs: usize,
    work: impl Fn(&I) -> T + Sync,
    mut take: impl FnMut(&I, T) -> io::Result<()>,
) -> io::Result<()> {
    let ahead = jobs.saturating_mul(4);
    // The next to begin, and how many were taken.
    let state = Mutex::new((0_usize, 0_usize));
    let moved = Condvar::new();
    thread::scope(|scope| {
        let (give, finished) = mpsc::channel();
        for _ in 0..jobs {
            let (give, work, state, moved) = (give.clone(), &work, &state, &moved);
            scope.spawn(move || {
                loop {
                    let locked = state.lock().unwrap_or_else(PoisonError::into_inner);
                    let wait = moved.wait_while(locked, |(next, taken)| *next >= taken.saturating_add(ahead));
                    let mut locked = wait.unwrap_or_else(PoisonError::into_inner);
                    let at = locked.0;
                    locked.0 = at.saturating_add(1);
                    drop(locked);
                    let Some(input) = inputs.get(at) else { return };
                    if give.send((at, work(input))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(give);
        let mut early = BTreeMap::new();
        let mut taken = 0_usize;
        let mut outcome = Ok(());
        for (at, result) in finished {
            early.insert(at, result);
            while let Some(result) = early.remove(&taken) {
                if let (Some(input), Ok(())) = (inputs.get(taken), &outcome) {
                    outcome = take(input, result);
                }
                taken = taken.saturating_add(1);
                let mut locked = state.lock().unwrap_or_else(PoisonError::into_inner);
                *locked = match outcome {
                    Ok(()) => (locked.0, taken),
                    // Nobody begins another, nor waits for its turn.
                    Err(_) => (inputs.len(), usize::MAX),
                };
                moved.notify_all();
            }
        }
        outcome
    })
}

enum To {
    Folder(Outputs),
    Stdout,
}

struct Batch {
    to: To,
    report: Format,
    desk: Desk,
    total: usize,
    rebuilt: usize,
    refused: usize,
}

impl Batch {
    fn take(&mut self, input: &Input, done: io::Result<Done>) -> io::Result<()> {
        clear_progress();
        let mut done = match done {
            Ok(done) => done,
            Err(error) => {
                self.refused += 1;
                let path = input.path.clone().unwrap_or_default();
                return self.desk.note(&unreadable(&path, &error));
            }
        };
        match (&done.rebuilt, &mut done.receipt.outcome) {
            (Some(rebuilt), receipt::Outcome::Rebuilt { output }) => {
                self.rebuilt += 1;
                match &mut self.to {
                    To::Folder(outputs) => {
                        let path = outputs.write(input, &rebuilt.name, &rebuilt.bytes)?;
                        output.name = path.to_string_lossy().into_owned();
                    }
                    To::Stdout => io::stdout().lock().write_all(&rebuilt.bytes)?,
                }
            }
            _ => self.refused += 1,
        }
        let report = match self.report {
            Format::Json => format!("{}\n", serde_json::to_string(&done.receipt)?),
            Format::Text => show::receipt(&done.receipt, self.desk.lang, self.desk.paint),
        };
        self.tell(&report)?;
        self.progress();
        Ok(())
    }

    /// The report goes where the file does not.
    fn tell(&self, text: &str) -> io::Result<()> {
        match self.to {
            To::Folder(_) => self.desk.print(text),
            To::Stdout => io::stderr().lock().write_all(text.as_bytes()),
        }
    }

    fn progress(&self) {
        if io::stderr().is_terminal() {
            let done = self.rebuilt + self.refused;
            let _ = write!(io::stderr(), "\r\u{1b}[K{done}/{}", self.total);
        }
    }

    fn close(&self, skipped: usize) -> io::Result<Outcome> {
        clear_progress();
        let (total, rebuilt, refused) = (self.total, self.rebuilt, self.refused);
        if self.report == Format::Text && total + skipped != 1 {
            self.tell(&match self.desk.lang {
                Lang::Ja => {
                    format!("{total}件のうち{rebuilt}件を作り直した。受け入れない{refused}件、見ていない{skipped}件\n")
                }
                Lang::En => format!("{rebuilt} of {total} rebuilt, {refused} refused, {skipped} not looked at\n"),
            })?;
        }
        let fine = refused == 0 && skipped == 0;
        Ok(if fine { Outcome::Fine } else { Outcome::Broken })
    }
}

fn clear_progress() {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\u{1b}[K");
    }
}

fn unwritable(shown: &str, error: &io::Error) -> Text {
    Text::new(
        format!("{shown} に書けない: {error}"),
        format!("{shown} cannot be written: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_inputs_whoever_is_first() {
        let inputs: Vec<u64> = (0..200).collect();
        let mut taken = Vec::new();
        let work = |input: &u64| (0..(input * 7 % 11) * 1_000).fold(*input, |sum, next| sum ^ (next ^ next));
        in_order(&inputs, 3, work, |input, result| {
            assert_eq!(*input, result);
            taken.push(result);
            Ok(())
        })
        .unwrap();
        assert_eq!(taken, inputs);
    }

    #[test]
    fn after_a_failure_nothing_more_is_taken() {
        let inputs: Vec<u64> = (0..100).collect();
        let mut taken = 0;
        let ended = in_order(
            &inputs,
            2,
            |input| *input,
            |input, _| {
                taken += 1;
                if *input == 5 {
                    Err(io::ErrorKind::StorageFull.into())
                } else {
                    Ok(())
                }
            },
        );
        assert_eq!((ended.unwrap_err().kind(), taken), (io::ErrorKind::StorageFull, 6));
    }
}
