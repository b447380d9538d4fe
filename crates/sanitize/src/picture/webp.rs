//! WebP. Written without loss, whatever it was: there is no other encoder.
//!
//! Source: RFC 9649.

use std::io::Cursor;

use image_webp::{ColorType, WebPDecoder, WebPEncoder};

use super::exif::Exif;
use super::pixels::{Colours, Layout, Pixels};
use super::read::Reader;
use super::{broken, unreadable};
use crate::class::Class;
use crate::job::Job;
use crate::refusal::Reason;

/// Flags of the header that stay: there is an alpha channel, there are frames.
const ALPHA: u8 = 0x10;
const ANIMATION: u8 = 0x02;

/// Sides of a picture; the size is written in 14 bits.
const LONGEST: u32 = 1 << 14;

struct Walked {
    clean: Vec<u8>,
    orientation: Option<u8>,
}

pub(super) fn rebuild(job: &mut Job<'_>, bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let walked = walked(job, bytes)?;
    let pixels = decoded(job, &walked.clean)?.turned(walked.orientation).plain();
    let (width, height) = (pixels.width, pixels.height);
    let colour = match (pixels.layout.colours, pixels.layout.alpha) {
        (Colours::Grey, false) => ColorType::L8,
        (Colours::Grey, true) => ColorType::La8,
        (_, false) => ColorType::Rgb8,
        (_, true) => ColorType::Rgba8,
    };
    let mut written = Vec::with_capacity(bytes.len());
    WebPEncoder::new(&mut written)
        .encode(&pixels.samples, width, height, colour)
        .map_err(unreadable)?;
    Ok(written)
}

fn walked(job: &mut Job<'_>, bytes: &[u8]) -> Result<Walked, Reason> {
    let mut outer = Reader::new(bytes);
    outer.take(4)?;
    let size = usize::try_from(outer.u32_le()?).map_err(|_| order())?;
    let mut reader = Reader::new(outer.take(size)?);
    if !outer.rest().is_empty() {
        job.found(Class::StrayBytes)?;
    }
    reader.take(4)?;
    let (mut chunks, mut orientation, mut frames, mut pictures) = (Vec::new(), None, 0, 0);
    while !reader.rest().is_empty() {
        let name = reader.take(4)?;
        let length = usize::try_from(reader.u32_le()?).map_err(|_| order())?;
        let content = reader.take(length)?;
        if length % 2 == 1 {
            reader.take(1)?;
        }
        match name {
            b"VP8X" if chunks.is_empty() && content.len() == 10 => {
                let mut header = content.to_vec();
                if let Some(flags) = header.first_mut() {
                    *flags &= ALPHA | ANIMATION;
                }
                keep(&mut chunks, name, &header);
            }
            b"VP8 " | b"VP8L" => {
                pictures += 1;
                keep(&mut chunks, name, content);
            }
            b"ALPH" | b"ANIM" => keep(&mut chunks, name, content),
            b"ANMF" => {
                frames += 1;
                if frames == 1 {
                    keep(&mut chunks, name, content);
                } else if frames == 2 {
                    job.found_at(Class::Media, "animation")?;
                }
            }
            b"EXIF" => {
                let exif = Exif::read(content.strip_prefix(b"Exif\0\0").unwrap_or(content));
                orientation = exif.orientation;
                exif.count(job)?;
            }
            b"XMP " | b"ICCP" => {
                job.found_at(Class::Metadata, String::from_utf8_lossy(name).trim_end())?;
            }
            _ => {
                let told: String = name
                    .iter()
                    .map(|byte| {
                        if byte.is_ascii_graphic() {
                            char::from(*byte)
                        } else {
                            '?'
                        }
                    })
                    .collect();
                job.found_at(Class::UnknownPart, &told)?;
            }
        }
    }
    if pictures + frames.min(1) != 1 {
        return Err(order());
    }
    let mut clean = b"RIFF".to_vec();
    clean.extend_from_slice(&u32::try_from(chunks.len() + 4).map_err(|_| order())?.to_le_bytes());
    clean.extend_from_slice(b"WEBP");
    clean.append(&mut chunks);
    Ok(Walked { clean, orientation })
}

fn keep(chunks: &mut Vec<u8>, name: &[u8], content: &[u8]) {
    chunks.extend_from_slice(name);
    chunks.extend_from_slice(&u32::try_from(content.len()).unwrap_or_default().to_le_bytes());
    chunks.extend_from_slice(content);
    if content.len() % 2 == 1 {
        chunks.push(0);
    }
}

fn decoded(job: &mut Job<'_>, clean: &[u8]) -> Result<Pixels, Reason> {
    let mut decoder = WebPDecoder::new(Cursor::new(clean)).map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    job.budget.picture(width, height)?;
    if width > LONGEST || height > LONGEST {
        return Err(order());
    }
    let layout = Layout::of(Colours::Rgb, decoder.has_alpha(), false);
    let size = decoder.output_buffer_size().ok_or_else(order)?;
    // The decoder holds the picture once more, with four samples for a pixel.
    job.budget.decode(size.saturating_mul(2))?;
    decoder.set_memory_limit(usize::try_from(job.budget.decoded_left()).unwrap_or(usize::MAX));
    let mut samples = vec![0; size];
    decoder.read_image(&mut samples).map_err(unreadable)?;
    Pixels::new(width, height, layout, samples)
}

fn order() -> Reason {
    broken("WebP: 構造の誤り", "WebP: its structure is wrong")
}
