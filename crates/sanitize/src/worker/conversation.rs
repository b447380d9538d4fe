//! One worker as its parent sees it: hostile from the moment that it was given a file.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, ExitStatus};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;
use rustix::pipe::fcntl_setpipe_size;
use rustix::process::{Pid, PidfdFlags, Resource, pidfd_open, prlimit};
use rustix::time::{ClockId, clock_gettime};

use super::walls::{Ceiling, address_space, processor};
use super::wire::{self, Answer, Greeting};
use crate::isolation::Isolation;

/// Bytes of diagnostics that are kept; what comes after is thrown away.
const DIAGNOSTICS: usize = 2_000;

/// Bytes that pass a pipe at once, where the system allows it.
const PIPE: usize = 1 << 20;

/// A worker that was started, waits or works. It is killed when this is dropped.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
    errors: ChildStderr,
    /// Becomes readable when the process has ended.
    end: OwnedFd,
    diagnostics: Vec<u8>,
}

/// Why a conversation ended without an answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The deadline has passed.
    #[error("too late")]
    Late,
    /// The other side has gone, or does not keep to the form.
    #[error("{0}")]
    Broken(String),
    /// A file is longer than it may be.
    #[error("too long")]
    TooLong,
}

/// A moment after which nobody waits any more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Timespec);

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::FileTooLarge => Self::TooLong,
            _ => Self::Broken(error.to_string()),
        }
    }
}

impl From<rustix::io::Errno> for Failure {
    fn from(error: rustix::io::Errno) -> Self {
        Self::Broken(error.to_string())
    }
}

impl Deadline {
    pub(super) fn after(seconds: u64) -> Self {
        let now = clock_gettime(ClockId::Monotonic);
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        Self(Timespec {
            tv_sec: now.tv_sec.saturating_add(seconds),
            tv_nsec: now.tv_nsec,
        })
    }

    fn left(self) -> Result<Timespec, Failure> {
        let now = clock_gettime(ClockId::Monotonic);
        let left = self.0.checked_sub(now).ok_or(Failure::Late)?;
        if left.tv_sec < 0 { Err(Failure::Late) } else { Ok(left) }
    }
}

impl Worker {
    /// Takes charge of a process that was started with pipes on all three of its descriptors.
    pub(super) fn new(mut child: Child) -> io::Result<Self> {
        let (input, output, errors) = match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
            (Some(input), Some(output), Some(errors)) => (input, output, errors),
            _ => return Err(io::ErrorKind::BrokenPipe.into()),
        };
        let end = pidfd_open(Pid::from_child(&child), PidfdFlags::empty())?;
        ioctl_fionbio(&input, true)?;
        ioctl_fionbio(&output, true)?;
        ioctl_fionbio(&errors, true)?;
        for pipe in [input.as_fd(), output.as_fd()] {
            // Only quicker: a system that keeps pipes small is no less safe.
            let _ = fcntl_setpipe_size(pipe, PIPE);
        }
        Ok(Self {
            child,
            input: Some(input),
            output,
            errors,
            end,
            diagnostics: Vec::new(),
        })
    }

    /// Has it ended while it waited?
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// What it says about its walls, held against what the kernel says.
    pub(super) fn greeting(&mut self, deadline: Deadline) -> Result<Isolation, Failure> {
        let head = self.head(wire::GREETING, deadline)?;
        let Greeting { engine, mut walls } = wire::parse(&head)?;
        if engine != crate::ENGINE {
            return Err(Failure::Broken(format!("another engine: {engine}")));
        }
        match std::fs::read_to_string(format!("/proc/{}/status", self.child.id())) {
            Ok(status) => {
                walls.seccomp &= says(&status, "Seccomp", 2);
                walls.no_new_privileges &= says(&status, "NoNewPrivs", 1);
                walls.no_capabilities &= says(&status, "CapEff", 0) && says(&status, "CapPrm", 0);
                walls.confirmed = true;
            }
            // A system may hide processes. Nothing hostile was read yet: its own word stands.
            Err(_) => walls.confirmed = false,
        }
        Ok(walls)
    }

    /// Lowers its limits from outside to those of one job.
    pub(super) fn lower(&mut self, ceiling: Ceiling) -> Result<(), Failure> {
        let pid = Some(Pid::from_child(&self.child));
        prlimit(pid, Resource::As, address_space(ceiling.memory))?;
        prlimit(pid, Resource::Cpu, processor(ceiling.seconds))?;
        Ok(())
    }

    /// Gives it its job, and says that there is no other.
    pub(super) fn send(&mut self, head: &[u8], bytes: &[u8], deadline: Deadline) -> Result<(), Failure> {
        let mut input = self.input.take().ok_or(Failure::Late)?;
        for mut rest in [head, bytes] {
            while !rest.is_empty() {
                match input.write(rest) {
                    Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        wait(&mut [PollFd::new(&input, PollFlags::OUT)], deadline)?;
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    /// Its whole answer, of a file of at most `longest` bytes; and it has ended well.
    pub(super) fn answer(&mut self, longest: u64, deadline: Deadline) -> Result<(Answer, Vec<u8>), Failure> {
        let head = self.head(wire::ANSWER, deadline)?;
        let answer = wire::parse(&head)?;
        let mut length = [0; 8];
        self.fill(&mut length, deadline)?;
        let length = wire::within(u64::from_le_bytes(length), longest)?;
        let bytes = self.take(length, deadline)?;
        if self.some(&mut [0], deadline)? != 0 {
            return Err(Failure::Broken("more than an answer".to_owned()));
        }
        match self.ended(deadline)? {
            status if status.success() => Ok((answer, bytes)),
            status => Err(Failure::Broken(status.to_string())),
        }
    }

    /// Ends it, and tells what it left: how it ended, and what it wrote to its diagnostics, on one line.
    pub(super) fn end(&mut self) -> (Option<ExitStatus>, String) {
        // One that is ending already ends as it would have.
        let _ = self.child.kill();
        let status = self.child.wait().ok();
        self.drain();
        let said = String::from_utf8_lossy(&self.diagnostics);
        let readable = |character: char| if character.is_control() { ' ' } else { character };
        (status, said.trim_end().chars().map(readable).collect())
    }

    fn head(&mut self, longest: u32, deadline: Deadline) -> Result<Vec<u8>, Failure> {
        let mut length = [0; 4];
        self.fill(&mut length, deadline)?;
        let length = u32::from_le_bytes(length);
        if length > longest {
            return Err(Failure::Broken(format!("a head of {length} bytes")));
        }
        self.take(length as usize, deadline)
    }

    /// So many bytes. Memory is taken as they come, not as they are announced.
    fn take(&mut self, length: usize, deadline: Deadline) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        while bytes.len() < length {
            let from = bytes.len();
            bytes.resize(length.min(from.saturating_add(PIPE)), 0);
            self.fill(bytes.get_mut(from..).unwrap_or_default(), deadline)?;
        }
        Ok(bytes)
    }

    fn fill(&mut self, mut place: &mut [u8], deadline: Deadline) -> Result<(), Failure> {
        while !place.is_empty() {
            match self.some(place, deadline)? {
                0 => return Err(Failure::Broken("it ended early".to_owned())),
                read => place = place.get_mut(read..).unwrap_or_default(),
            }
        }
        Ok(())
    }

    /// What comes next; 0 at the end.
    fn some(&mut self, place: &mut [u8], deadline: Deadline) -> Result<usize, Failure> {
        loop {
            match self.output.read(place) {
                Ok(read) => return Ok(read),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            }
            let output = PollFd::new(&self.output, PollFlags::IN);
            let errors = PollFd::new(&self.errors, PollFlags::IN);
            let mut both = [output, errors];
            wait(&mut both, deadline)?;
            let [_, errors] = &both;
            if errors.revents().contains(PollFlags::IN) {
                self.drain();
            } else if errors.revents().contains(PollFlags::HUP) {
                // It closed its diagnostics: wait for the output alone, or this would spin.
                wait(&mut [PollFd::new(&self.output, PollFlags::IN)], deadline)?;
            }
        }
    }

    /// Reads the diagnostics that are there.
    fn drain(&mut self) {
        let mut some = [0; 1 << 12];
        // A worker that writes faster than this is read cannot keep its parent here.
        for _ in 0..16 {
            match self.errors.read(&mut some) {
                Ok(read @ 1..) => {
                    let room = DIAGNOSTICS.saturating_sub(self.diagnostics.len()).min(read);
                    self.diagnostics.extend_from_slice(some.get(..room).unwrap_or_default());
                }
                Ok(0) | Err(_) => break,
            }
        }
    }

    fn ended(&mut self, deadline: Deadline) -> Result<ExitStatus, Failure> {
        wait(&mut [PollFd::new(&self.end, PollFlags::IN)], deadline)?;
        Ok(self.child.wait()?)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait(fds: &mut [PollFd<'_>], deadline: Deadline) -> Result<(), Failure> {
    loop {
        match poll(fds, Some(&deadline.left()?)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Does a line of `/proc/PID/status` have this value?
fn says(status: &str, name: &str, value: u64) -> bool {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.is_some_and(|found| u64::from_str_radix(found.trim(), 16) == Ok(value))
}
