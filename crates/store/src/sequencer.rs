//! The only writer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use model::clock::Clock;
use model::lang::Text;
use model::random::Random;

use crate::act::{Act, Receipt};
use crate::driver::{Pen, Store};
use crate::failure::Failure;
use crate::refused::Refused;
use crate::sequence;

/// Acts that are committed together, at most.
const BATCH: usize = 256;

/// Changes of one batch, about: an import of thousands of rows is not held up by others like it.
const CHANGES: usize = 5_000;

/// Acts that wait, at most; whoever comes then waits to be let in.
const QUEUE: usize = 4_096;

/// Takes acts from many threads and writes them one after another, many in one transaction.
///
/// A thread of its own takes what waits (at most 256 acts), writes it in one transaction, and answers when it is on the
/// disk. There is no pause in which acts are collected: while one batch is written the next one gathers, so that a lonely
/// act is not delayed and a thousand share few commits. Several nodes may each have a sequencer on one PostgreSQL: the row
/// of the ledger's head is locked for a batch.
pub struct Sequencer {
    queue: Mutex<Option<SyncSender<Waiting>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    read_only: Mutex<Option<Text>>,
}

struct Waiting {
    act: Act,
    answer: Sender<Result<Receipt, Refused>>,
}

/// An act that was handed in.
#[derive(Debug)]
pub struct Pending(Receiver<Result<Receipt, Refused>>);

impl Pending {
    /// Waits until the act is on the disk, or refused.
    ///
    /// # Errors
    /// See [`Refused`]; nothing was changed.
    pub fn wait(self) -> Result<Receipt, Refused> {
        self.0.recv().unwrap_or(Err(Refused::Stopped))
    }
}

impl Sequencer {
    /// Starts the thread.
    ///
    /// # Errors
    /// Where the operating system gives no thread.
    pub fn start(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, Failure> {
        let (queue, acts) = sync_channel(QUEUE);
        let writer = Writer { store, clock, random };
        let thread = std::thread::Builder::new()
            .name("sequencer".to_owned())
            .spawn(move || writer.run(&acts))
            .map_err(|error| Failure::Unavailable(error.to_string()))?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
            read_only: Mutex::new(None),
        })
    }

    /// Does an act; returns when it is on the disk.
    ///
    /// # Errors
    /// See [`Refused`]; nothing was changed.
    pub fn submit(&self, act: Act) -> Result<Receipt, Refused> {
        self.enqueue(act)?.wait()
    }

    /// Hands an act in without waiting for it; acts of one thread are done in the order in which they are handed in.
    ///
    /// # Errors
    /// [`Refused::ReadOnly`], [`Refused::Stopped`] and [`Refused::Malformed`].
    pub fn enqueue(&self, act: Act) -> Result<Pending, Refused> {
        if let Some(why) = locked(&self.read_only).clone() {
            return Err(Refused::ReadOnly(why));
        }
        sequence::check::act(&act)?;
        let queue = locked(&self.queue).clone().ok_or(Refused::Stopped)?;
        let (answer, pending) = channel();
        queue.send(Waiting { act, answer }).map_err(|_| Refused::Stopped)?;
        Ok(Pending(pending))
    }

    /// Refuses every act from now on, saying why: what the [start check](crate::start) asks for.
    pub fn refuse_writes(&self, why: Text) {
        *locked(&self.read_only) = Some(why);
    }

    /// Writes what waits, then ends; acts that come later are refused.
    pub fn stop(&self) {
        drop(locked(&self.queue).take());
        let thread = locked(&self.thread).take();
        if let Some(thread) = thread {
            // A thread that panicked has nothing more to say: whoever waited was told `Stopped`.
            _ = thread.join();
        }
    }
}

impl Drop for Sequencer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Writer {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Writer {
    fn run(&self, queue: &Receiver<Waiting>) {
        while let Ok(first) = queue.recv() {
            let mut changes = first.act.changes.len();
            let mut acts = vec![first.act];
            let mut answers = vec![first.answer];
            while acts.len() < BATCH
                && changes < CHANGES
                && let Ok(next) = queue.try_recv()
            {
                changes += next.act.changes.len();
                acts.push(next.act);
                answers.push(next.answer);
            }
            // A caller that no longer waits does not matter.
            for (answer, to) in self.guarded(&acts).into_iter().zip(&answers) {
                _ = to.send(answer);
            }
        }
    }

    /// A fault of ours in one batch must not end all writing: its transaction is rolled back, the next one begins anew.
    fn guarded(&self, acts: &[Act]) -> Vec<Result<Receipt, Refused>> {
        catch_unwind(AssertUnwindSafe(|| self.batch(acts))).unwrap_or_else(|_| {
            let failure = Failure::Unavailable("the sequencer panicked".to_owned());
            acts.iter().map(|_| Err(Refused::Failed(failure.clone()))).collect()
        })
    }

    fn batch(&self, acts: &[Act]) -> Vec<Result<Receipt, Refused>> {
        let mut applied = None;
        let written = self.store.write(&Pen::ACT, &mut |transaction| {
            let dialect = self.store.dialect();
            applied = Some(sequence::apply(
                transaction,
                dialect,
                acts,
                &*self.clock,
                &*self.random,
            )?);
            Ok(())
        });
        match (written, applied) {
            (Ok(()), Some(applied)) => applied.answers,
            (Ok(()), None) => acts.iter().map(|_| Err(Refused::Stopped)).collect(),
            (Err(failure), applied) => self.after_failure(acts, failure, applied),
        }
    }

    /// A commit whose answer got lost may have taken place: the first leaf tells.
    fn after_failure(
        &self,
        acts: &[Act],
        failure: Failure,
        applied: Option<sequence::Applied>,
    ) -> Vec<Result<Receipt, Refused>> {
        if let Some(applied) = applied
            && let Some((index, hash)) = applied.first
            && self.store.leaf_hash(index).is_ok_and(|stored| stored == Some(hash))
        {
            return applied.answers;
        }
        if acts.len() > 1 && !matches!(failure, Failure::Unavailable(_)) {
            // One act that the database chokes on must not take its neighbours with it.
            return acts
                .iter()
                .flat_map(|act| self.batch(std::slice::from_ref(act)))
                .collect();
        }
        acts.iter().map(|_| Err(Refused::Failed(failure.clone()))).collect()
    }
}
