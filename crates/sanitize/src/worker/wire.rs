//! What a worker and its parent say to each other. Each message is a head in JSON of bounded length; a job and an answer are followed
//! by a file of the length that stands before it. Numbers are little-endian.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::isolation::Isolation;
use crate::profile::Profile;
use crate::receipt::Item;
use crate::refusal::Refusal;

/// Bytes of a greeting at most.
pub(super) const GREETING: u32 = 4 << 10;
/// Bytes of the head of a job at most.
const JOB: u32 = 4 << 20;
/// Bytes of the head of an answer at most: it holds at most a thousand findings with their places.
pub(super) const ANSWER: u32 = 16 << 20;

/// The worker's first word: its walls stand, and nothing was read yet.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Greeting {
    /// [`crate::ENGINE`]: both sides are the same program.
    pub(super) engine: String,
    pub(super) walls: Isolation,
}

/// A file to treat, without its bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// What somebody says it is called.
    pub name: String,
    /// What is wanted done.
    pub profile: Profile,
    /// Passwords to try.
    pub passwords: Vec<String>,
}

/// What became of it, without the bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    pub(super) format: Option<String>,
    pub(super) outcome: Result<Named, Refusal>,
    pub(super) items: Vec<Item>,
}

/// A new file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) format: String,
}

/// A head with its length before it.
pub(super) fn head(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut framed = vec![0; 4];
    serde_json::to_writer(&mut framed, message)?;
    let length = u32::try_from(framed.len().saturating_sub(4)).map_err(io::Error::other)?;
    if let Some(place) = framed.first_chunk_mut() {
        *place = length.to_le_bytes();
    }
    Ok(framed)
}

/// A head and the length of the file that follows it.
pub(super) fn head_of_file(message: &impl Serialize, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut framed = head(message)?;
    framed.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    Ok(framed)
}

/// Reads a job and its file, as the worker does.
pub(super) fn read_job(from: &mut impl Read) -> io::Result<(Job, Vec<u8>)> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    let mut head = vec![0; within(length.into(), JOB.into())?];
    from.read_exact(&mut head)?;
    let job: Job = parse(&head)?;
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut bytes = vec![0; within(length, job.profile.limits.bytes)?];
    from.read_exact(&mut bytes)?;
    Ok((job, bytes))
}

/// Writes an answer and its file, as the worker does.
pub(super) fn write_answer(to: &mut impl Write, answer: &Answer, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&head_of_file(answer, bytes)?)?;
    to.write_all(bytes)?;
    to.flush()
}

/// A message from its head.
pub(super) fn parse<T: DeserializeOwned>(head: &[u8]) -> io::Result<T> {
    Ok(serde_json::from_slice(head)?)
}

/// A length, if it is within bounds.
pub(super) fn within(length: u64, limit: u64) -> io::Result<usize> {
    if length > limit {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    usize::try_from(length).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Job {
        Job {
            name: "表.csv".to_owned(),
            profile: Profile::default(),
            passwords: vec!["ひみつ".to_owned()],
        }
    }

    #[test]
    fn a_job_arrives_as_it_was_sent() {
        let mut sent = head_of_file(&job(), b"1,2").unwrap();
        sent.extend_from_slice(b"1,2");
        let (read, bytes) = read_job(&mut sent.as_slice()).unwrap();
        assert_eq!((read.name.as_str(), bytes.as_slice()), ("表.csv", b"1,2".as_slice()));
        assert_eq!((read.profile, read.passwords), (job().profile, job().passwords));
    }

    #[test]
    fn a_job_that_ends_early_or_says_too_long_a_length_is_none() {
        let mut sent = head_of_file(&job(), b"1,2").unwrap();
        sent.extend_from_slice(b"1,");
        assert!(read_job(&mut sent.as_slice()).is_err());
        assert!(read_job(&mut u32::MAX.to_le_bytes().as_slice()).is_err());
        let mut sent = head(&job()).unwrap();
        sent.extend_from_slice(&u64::MAX.to_le_bytes());
        assert!(read_job(&mut sent.as_slice()).is_err());
    }
}
