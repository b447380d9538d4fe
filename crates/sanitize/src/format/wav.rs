//! Sound as samples (WAV).
//!
//! Source: Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft, 1991), WAVEFORMATEXTENSIBLE.
//!
//! Samples are plain numbers: they are checked to be whole, and put behind a header of our own. Packed sound is refused.

use model::lang::Text;

use super::{Format, Output};
use crate::class::Class;
use crate::job::Job;
use crate::refusal::{Reason, malformed};

/// Sound as samples.
pub(super) static WAV: Format = Format {
    id: "wav",
    words: Text::fixed("WAV音声", "a WAV sound"),
    method: Text::fixed(
        "音声の標本値だけを取り出し、新しいWAVに書き直す",
        "the samples alone are taken and written as a new WAV",
    ),
    extensions: &["wav"],
    media_type: "audio/wav",
    recognise: |source| (source.bytes.starts_with(b"RIFF") && source.bytes.get(8..12) == Some(b"WAVE")).into(),
    rebuild: |job, source| {
        let bytes = rebuilt(job, source.bytes)?;
        Ok(Output { format: &WAV, bytes })
    },
};

const INTEGERS: u16 = 1;
const FLOATS: u16 = 3;
const EXTENSIBLE: u16 = 0xFFFE;

/// The rest of the identifier that stands for a plain kind of samples (KSDATAFORMAT_SUBTYPE_PCM and its like).
const SUBTYPE: &[u8] = b"\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71";

/// How samples lie.
#[derive(Debug, Clone, Copy)]
struct Samples {
    kind: u16,
    channels: u16,
    /// Samples of a channel in a second.
    rate: u32,
    bits: u16,
}

fn rebuilt(job: &mut Job<'_>, bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let size = number(bytes, 4)? as usize;
    let (file, stray) = bytes.split_at_checked(size.saturating_add(8)).ok_or_else(order)?;
    // A file of odd size is padded.
    if !matches!(stray, [] | [0]) {
        job.found(Class::StrayBytes)?;
    }
    let mut rest = file.get(12..).ok_or_else(order)?;
    let (mut samples, mut data) = (None, None);
    while !rest.is_empty() {
        let length = number(rest, 4)? as usize;
        let name = rest.get(..4).unwrap_or_default();
        let content = rest.get(8..length.saturating_add(8)).ok_or_else(order)?;
        match name {
            b"fmt " if samples.is_none() => samples = Some(Samples::read(content)?),
            b"data" if data.is_none() => data = Some(content),
            b"fmt " | b"data" => return Err(order()),
            // How many samples there are is seen from the samples.
            b"fact" | b"PEAK" => {}
            b"LIST" | b"id3 " | b"ID3 " | b"bext" | b"iXML" | b"cue " | b"smpl" | b"inst" | b"_PMX" | b"cart" => {
                job.found_at(Class::Metadata, String::from_utf8_lossy(name).trim())?;
            }
            b"JUNK" | b"PAD " | b"FLLR" => {
                job.found(Class::StrayBytes)?;
            }
            _ => {
                let told = name
                    .iter()
                    .filter(|byte| byte.is_ascii_graphic())
                    .map(|byte| char::from(*byte));
                job.found_at(Class::UnknownPart, &told.collect::<String>())?;
            }
        }
        rest = rest.get(8 + length + length % 2..).unwrap_or_default();
    }
    let (samples, data) = samples.zip(data).ok_or_else(order)?;
    job.budget.decode(data.len())?;
    samples.check(data)?;
    samples.written(data)
}

impl Samples {
    fn read(header: &[u8]) -> Result<Self, Reason> {
        let short = |at: usize| {
            Ok(u16::from_le_bytes(
                *header.get(at..).and_then(<[u8]>::first_chunk).ok_or_else(order)?,
            ))
        };
        let (mut kind, channels, block, bits) = (short(0)?, short(2)?, short(12)?, short(14)?);
        if kind == EXTENSIBLE && header.get(26..40) == Some(SUBTYPE) {
            kind = short(24)?;
        }
        let samples = Self {
            kind,
            channels,
            rate: number(header, 4)?,
            bits,
        };
        let known = match kind {
            INTEGERS => matches!(bits, 8 | 16 | 24 | 32),
            FLOATS => matches!(bits, 32 | 64),
            _ => false,
        };
        if !known {
            return Err(malformed(
                "WAV: 圧縮された音声、又は未対応の標本値",
                "WAV: packed sound, or samples of a kind that is not read",
            ));
        }
        let plausible = (1..=32).contains(&channels) && (1_000..=768_000).contains(&samples.rate);
        if plausible && block == samples.block() {
            Ok(samples)
        } else {
            Err(order())
        }
    }

    /// Bytes of one sample of every channel.
    const fn block(self) -> u16 {
        self.channels * (self.bits / 8)
    }

    /// Only whole samples, and only numbers that are numbers.
    fn check(self, data: &[u8]) -> Result<(), Reason> {
        let finite = match (self.kind, self.bits) {
            (FLOATS, 32) => data
                .as_chunks()
                .0
                .iter()
                .all(|sample| f32::from_le_bytes(*sample).is_finite()),
            (FLOATS, _) => data
                .as_chunks()
                .0
                .iter()
                .all(|sample| f64::from_le_bytes(*sample).is_finite()),
            _ => true,
        };
        if finite && data.len().is_multiple_of(usize::from(self.block())) {
            Ok(())
        } else {
            Err(order())
        }
    }

    fn written(self, data: &[u8]) -> Result<Vec<u8>, Reason> {
        let size = u32::try_from(data.len()).map_err(|_| order())?;
        let padded = size.checked_add(36 + size % 2).ok_or_else(order)?;
        let mut out = Vec::with_capacity(data.len() + 45);
        out.extend_from_slice(b"RIFF");
        out.extend_from_slice(&padded.to_le_bytes());
        out.extend_from_slice(b"WAVEfmt \x10\0\0\0");
        out.extend_from_slice(&self.kind.to_le_bytes());
        out.extend_from_slice(&self.channels.to_le_bytes());
        out.extend_from_slice(&self.rate.to_le_bytes());
        out.extend_from_slice(&self.rate.saturating_mul(self.block().into()).to_le_bytes());
        out.extend_from_slice(&self.block().to_le_bytes());
        out.extend_from_slice(&self.bits.to_le_bytes());
        out.extend_from_slice(b"data");
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(data);
        if size % 2 == 1 {
            out.push(0);
        }
        Ok(out)
    }
}

fn number(bytes: &[u8], at: usize) -> Result<u32, Reason> {
    let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk).ok_or_else(order)?;
    Ok(u32::from_le_bytes(*bytes))
}

fn order() -> Reason {
    malformed("WAV: 構造の誤り", "WAV: its structure is wrong")
}
