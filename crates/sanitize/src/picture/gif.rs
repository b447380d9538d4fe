//! GIF, with its frames.
//!
//! Source: GIF89a (CompuServe, 1990).

use std::borrow::Cow;
use std::io::Cursor;

use gif::{ColorOutput, DecodeOptions, Encoder, Frame, MemoryLimit, Repeat};

use super::read::Reader;
use super::{broken, unreadable};
use crate::class::Class;
use crate::job::Job;
use crate::refusal::Reason;

/// What the walk takes from a file.
struct Walked {
    /// Screen, palettes, control blocks and frames, and nothing else.
    clean: Vec<u8>,
    width: u16,
    height: u16,
    palette: Vec<u8>,
    repeat: Option<Repeat>,
}

pub(super) fn rebuild(job: &mut Job<'_>, bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let mut walked = walked(job, bytes)?;
    let mut frames = decoded(job, &walked)?;
    blacken_unused(&mut walked.palette, &mut frames);
    let (width, height) = (walked.width, walked.height);
    let mut written = Vec::with_capacity(bytes.len());
    let mut encoder = Encoder::new(&mut written, width, height, &walked.palette).map_err(unreadable)?;
    if let Some(repeat) = walked.repeat {
        encoder.set_repeat(repeat).map_err(unreadable)?;
    }
    for frame in &frames {
        encoder.write_frame(frame).map_err(unreadable)?;
    }
    encoder.into_inner().map_err(unreadable)?;
    Ok(written)
}

fn walked(job: &mut Job<'_>, bytes: &[u8]) -> Result<Walked, Reason> {
    let mut reader = Reader::new(bytes);
    let mut clean = b"GIF89a".to_vec();
    reader.take(6)?;
    let screen = reader.take(7)?;
    clean.extend_from_slice(screen);
    let mut numbers = Reader::new(screen);
    let (width, height, flags) = (numbers.u16_le()?, numbers.u16_le()?, numbers.u8()?);
    job.budget.picture(width.into(), height.into())?;
    let palette = table(&mut reader, flags)?;
    clean.extend_from_slice(palette);
    let mut repeat = None;
    loop {
        match reader.u8()? {
            0x3B => break,
            0x21 => extension(job, &mut reader, &mut clean, &mut repeat)?,
            0x2C => image(job, &mut reader, &mut clean)?,
            _ => return Err(order()),
        }
    }
    clean.push(0x3B);
    if !reader.rest().is_empty() {
        job.found(Class::StrayBytes)?;
    }
    Ok(Walked {
        clean,
        width,
        height,
        palette: palette.to_vec(),
        repeat,
    })
}

/// A table of colours, if the flags say that one follows.
fn table<'a>(reader: &mut Reader<'a>, flags: u8) -> Result<&'a [u8], Reason> {
    if flags & 0x80 == 0 {
        return Ok(&[]);
    }
    reader.take(3 * (2 << (flags & 7)))
}

fn image(job: &mut Job<'_>, reader: &mut Reader<'_>, clean: &mut Vec<u8>) -> Result<(), Reason> {
    job.budget.enter(1)?;
    let descriptor = reader.take(9)?;
    clean.push(0x2C);
    clean.extend_from_slice(descriptor);
    let mut numbers = Reader::new(descriptor);
    numbers.take(4)?;
    let (width, height, flags) = (numbers.u16_le()?, numbers.u16_le()?, numbers.u8()?);
    job.budget.picture(width.into(), height.into())?;
    if width == 0 || height == 0 {
        return Err(order());
    }
    clean.extend_from_slice(table(reader, flags)?);
    clean.push(reader.u8()?);
    blocks(reader, |block| {
        clean.push(u8::try_from(block.len()).unwrap_or_default());
        clean.extend_from_slice(block);
    })?;
    clean.push(0);
    Ok(())
}

fn extension(
    job: &mut Job<'_>,
    reader: &mut Reader<'_>,
    clean: &mut Vec<u8>,
    repeat: &mut Option<Repeat>,
) -> Result<(), Reason> {
    let label = reader.u8()?;
    let mut parts: Vec<&[u8]> = Vec::new();
    blocks(reader, |block| parts.push(block))?;
    match (label, parts.as_slice()) {
        (0xF9, [control]) if control.len() == 4 => {
            clean.extend_from_slice(b"\x21\xF9\x04");
            clean.extend_from_slice(control);
            clean.push(0);
        }
        (0xFF, [b"NETSCAPE2.0", [1, low, high], ..]) => {
            let count = u16::from_le_bytes([*low, *high]);
            *repeat = Some(if count == 0 {
                Repeat::Infinite
            } else {
                Repeat::Finite(count)
            });
        }
        (0xFF, [application, ..]) if application.starts_with(b"XMP Data") => {
            job.found_at(Class::Metadata, "XMP")?;
        }
        (0xFF, [application, ..]) if application.starts_with(b"ICCRGBG1") => {
            job.found_at(Class::Metadata, "ICC")?;
        }
        (0xFE, _) => {
            job.found_at(Class::Metadata, "comment")?;
        }
        _ => {
            job.found_at(Class::UnknownPart, &format!("extension {label:02X}"))?;
        }
    }
    Ok(())
}

/// Blocks of up to 255 bytes, up to the empty one.
fn blocks<'a>(reader: &mut Reader<'a>, mut each: impl FnMut(&'a [u8])) -> Result<(), Reason> {
    loop {
        let length = reader.u8()?;
        if length == 0 {
            return Ok(());
        }
        each(reader.take(length.into())?);
    }
}

fn decoded(job: &mut Job<'_>, walked: &Walked) -> Result<Vec<Frame<'static>>, Reason> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.set_memory_limit(MemoryLimit::Unlimited);
    let mut decoder = options.read_info(Cursor::new(&walked.clean)).map_err(unreadable)?;
    let mut frames = Vec::new();
    while let Some(frame) = decoder.next_frame_info().map_err(unreadable)? {
        let mut frame = frame.clone();
        let size = usize::from(frame.width) * usize::from(frame.height);
        job.budget.decode(size)?;
        let mut indices = vec![0; size];
        decoder.read_into_buffer(&mut indices).map_err(unreadable)?;
        let colours = frame.palette.as_ref().map_or(walked.palette.len(), Vec::len) / 3;
        let fits = |index: &u8| usize::from(*index) < colours || frame.transparent == Some(*index);
        if !indices.iter().all(fits) {
            return Err(broken(
                "GIF: パレットにない色",
                "GIF: a colour that is not in the palette",
            ));
        }
        frame.buffer = Cow::Owned(indices);
        // The decoder has put the rows in order.
        frame.interlaced = false;
        frames.push(frame);
    }
    if frames.is_empty() {
        return Err(order());
    }
    Ok(frames)
}

/// Colours that no pixel has are black from now on.
fn blacken_unused(global: &mut [u8], frames: &mut [Frame<'static>]) {
    let mut used = [false; 256];
    for frame in frames {
        let mut own = [false; 256];
        for index in frame.buffer.iter() {
            if let Some(own) = own.get_mut(usize::from(*index)) {
                *own = true;
            }
        }
        match &mut frame.palette {
            Some(palette) => blacken(palette, &own),
            None => used.iter_mut().zip(own).for_each(|(used, own)| *used |= own),
        }
    }
    blacken(global, &used);
}

fn blacken(palette: &mut [u8], used: &[bool; 256]) {
    for (colour, used) in palette.chunks_exact_mut(3).zip(used) {
        if !used {
            colour.fill(0);
        }
    }
}

fn order() -> Reason {
    broken("GIF: 構造の誤り", "GIF: its structure is wrong")
}
