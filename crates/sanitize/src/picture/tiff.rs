//! TIFF, with its pages: what scanners and facsimile machines write.
//!
//! Source: TIFF 6.0 (Adobe, 1992) and its Technical Notes.

mod directory;
mod write;

use std::io::Cursor;

use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};

use super::pixels::{Colours, Density, Layout, Pixels, unpacked};
use super::{broken, unreadable};
use crate::class::Class;
use crate::job::Job;
use crate::refusal::Reason;
use directory::{Directory, File};

/// A page, and how large it is to be shown.
struct Page {
    pixels: Pixels,
    density: Option<Density>,
}

pub(super) fn rebuild(job: &mut Job<'_>, bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let file = File::read(bytes)?;
    let mut pages = Vec::new();
    for directory in file.directories(job)? {
        count(job, &directory)?;
        if directory.small() && !pages.is_empty() {
            job.found(Class::Thumbnail)?;
            continue;
        }
        pages.push(page(job, &file, &directory)?);
    }
    if pages.is_empty() {
        return Err(order());
    }
    write::written(&pages)
}

/// Counts what a directory tells beside its pixels.
fn count(job: &mut Job<'_>, directory: &Directory<'_>) -> Result<(), Reason> {
    for tag in directory.told() {
        let name = match tag {
            700 => "XMP".to_owned(),
            33_723 | 34_377 => "IPTC".to_owned(),
            34_665 => "EXIF".to_owned(),
            34_675 => "ICC".to_owned(),
            34_853 => "GPS".to_owned(),
            other => format!("tag {other}"),
        };
        job.found_at(Class::Metadata, &name)?;
    }
    Ok(())
}

fn page(job: &mut Job<'_>, file: &File<'_>, directory: &Directory<'_>) -> Result<Page, Reason> {
    let (width, height) = directory.size()?;
    job.budget.picture(width, height)?;
    let clean = directory.clean(job, file)?;
    let left = usize::try_from(job.budget.decoded_left()).unwrap_or(usize::MAX);
    let mut limits = Limits::default();
    (limits.decoding_buffer_size, limits.intermediate_buffer_size) = (left, left);
    let mut decoder = Decoder::new(Cursor::new(clean))
        .map_err(unreadable)?
        .with_limits(limits);
    if decoder.dimensions().map_err(unreadable)? != (width, height) {
        return Err(order());
    }
    let colour = decoder.colortype().map_err(|_| unknown())?;
    let layout = decoder.image_buffer_layout().map_err(unreadable)?;
    job.budget.decode(layout.complete_len)?;
    let mut decoded = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut decoded).map_err(unreadable)?;
    if layout.planes > 1 {
        return Err(unknown());
    }
    let samples = match decoded {
        DecodingResult::U8(samples) => samples,
        DecodingResult::U16(samples) => samples.into_iter().flat_map(u16::to_be_bytes).collect(),
        _ => return Err(unknown()),
    };
    let pixels = match directory.palette(file)? {
        Some(palette) => coloured(width, height, colour, &samples, &palette),
        None => plain(width, height, colour, samples),
    }?;
    let orientation = directory.orientation();
    Ok(Page {
        pixels: pixels.turned(orientation),
        density: directory.density(file).map(|density| density.turned(orientation)),
    })
}

/// Indices to colours.
fn coloured(width: u32, height: u32, colour: ColorType, samples: &[u8], palette: &[[u8; 3]]) -> Result<Pixels, Reason> {
    let ColorType::Gray(bits @ (1 | 2 | 4 | 8)) = colour else {
        return Err(unknown());
    };
    let mut colours = Vec::with_capacity(samples.len() * 3);
    for index in unpacked(samples, width, bits) {
        let colour = palette.get(usize::from(index)).ok_or_else(order)?;
        colours.extend_from_slice(colour);
    }
    Pixels::new(width, height, Layout::of(Colours::Rgb, false, false), colours)
}

fn plain(width: u32, height: u32, colour: ColorType, samples: Vec<u8>) -> Result<Pixels, Reason> {
    let (colours, alpha, deep) = match colour {
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            let step = 255 / (u8::MAX >> (8 - bits));
            let samples = unpacked(&samples, width, bits).into_iter().map(|value| value * step);
            return Pixels::new(
                width,
                height,
                Layout::of(Colours::Grey, false, false),
                samples.collect(),
            );
        }
        ColorType::Gray(8) => (Colours::Grey, false, false),
        ColorType::Gray(16) => (Colours::Grey, false, true),
        ColorType::GrayA(8) => (Colours::Grey, true, false),
        ColorType::GrayA(16) => (Colours::Grey, true, true),
        ColorType::RGB(8) | ColorType::YCbCr(8) => (Colours::Rgb, false, false),
        ColorType::RGB(16) => (Colours::Rgb, false, true),
        ColorType::RGBA(8) => (Colours::Rgb, true, false),
        ColorType::RGBA(16) => (Colours::Rgb, true, true),
        ColorType::CMYK(8) => (Colours::Cmyk, false, false),
        ColorType::CMYK(16) => (Colours::Cmyk, false, true),
        _ => return Err(unknown()),
    };
    Pixels::new(width, height, Layout::of(colours, alpha, deep), samples)
}

fn unknown() -> Reason {
    broken("TIFF: 未対応の画素の形式", "TIFF: pixels of a kind that is not read")
}

fn order() -> Reason {
    broken("TIFF: 構造の誤り", "TIFF: its structure is wrong")
}
