//! PNG.
//!
//! Source: PNG (Third Edition), W3C Recommendation.

use std::io::Cursor;

use flate2::Crc;
use png::{BitDepth, ColorType, DeflateCompression, Filter, PixelDimensions, Transformations, Unit};

use super::exif::Exif;
use super::pixels::{Colours, Density, Layout, Pixels, packed};
use super::read::Reader;
use super::{broken, unreadable};
use crate::class::Class;
use crate::job::Job;
use crate::refusal::Reason;

/// How every PNG begins.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1A\n";

/// What the walk takes from a file.
#[derive(Default)]
struct Taken {
    /// Header, palette, transparency and data, and nothing else.
    clean: Vec<u8>,
    orientation: Option<u8>,
    density: Option<Density>,
}

pub(super) fn rebuild(job: &mut Job<'_>, bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let taken = walked(job, bytes)?;
    let pixels = decoded(job, &taken.clean)?.turned(taken.orientation).plain();
    let density = taken.density.map(|density| density.turned(taken.orientation));
    encoded(pixels, density)
}

fn walked(job: &mut Job<'_>, bytes: &[u8]) -> Result<Taken, Reason> {
    let mut reader = Reader::new(bytes);
    reader.take(SIGNATURE.len())?;
    let mut taken = Taken::default();
    taken.clean.extend_from_slice(SIGNATURE);
    let (mut before, mut data_ended, mut animated) = (*b"    ", false, false);
    loop {
        let length = usize::try_from(reader.u32_be()?).map_err(|_| order())?;
        let covered = reader.rest();
        let name: [u8; 4] = reader.take(4)?.try_into().map_err(|_| order())?;
        let content = reader.take(length)?;
        let sum = reader.u32_be()?;
        if !name.iter().all(u8::is_ascii_alphabetic) {
            return Err(order());
        }
        let first = before == *b"    ";
        data_ended |= before == *b"IDAT" && name != *b"IDAT";
        match &name {
            b"IHDR" if first => {
                let mut header = Reader::new(content);
                job.budget.picture(header.u32_be()?, header.u32_be()?)?;
            }
            _ if first => return Err(order()),
            b"PLTE" | b"IEND" | b"tRNS" => {}
            b"IDAT" if !data_ended => {}
            _ if name.first().is_some_and(u8::is_ascii_uppercase) => return Err(order()),
            _ => {
                dropped(job, &name, content, &mut taken, &mut animated)?;
                before = name;
                continue;
            }
        }
        let mut crc = Crc::new();
        crc.update(covered.get(..4 + length).unwrap_or_default());
        if crc.sum() != sum {
            return Err(broken("PNG: 検査値が合わない", "PNG: a checksum does not fit"));
        }
        for part in [
            &u32::try_from(length).unwrap_or_default().to_be_bytes()[..],
            &name,
            content,
            &sum.to_be_bytes(),
        ] {
            taken.clean.extend_from_slice(part);
        }
        before = name;
        if name == *b"IEND" {
            break;
        }
    }
    if !reader.rest().is_empty() {
        job.found(Class::StrayBytes)?;
    }
    Ok(taken)
}

/// Counts a chunk that is not carried over, and reads what is of use in it.
fn dropped(
    job: &mut Job<'_>,
    name: &[u8; 4],
    content: &[u8],
    taken: &mut Taken,
    animated: &mut bool,
) -> Result<(), Reason> {
    let told = String::from_utf8_lossy(name);
    match name {
        b"pHYs" => {
            let mut reader = Reader::new(content);
            let density = Density {
                across: reader.u32_be()?,
                down: reader.u32_be()?,
            };
            taken.density = if reader.u8()? == 1 { density.plausible() } else { None };
        }
        b"eXIf" => {
            let exif = Exif::read(content);
            taken.orientation = exif.orientation;
            exif.count(job)?;
        }
        b"acTL" | b"fcTL" | b"fdAT" => {
            if !std::mem::replace(animated, true) {
                job.found_at(Class::Media, "animation")?;
            }
        }
        b"tEXt" | b"zTXt" | b"iTXt" | b"tIME" | b"iCCP" | b"sRGB" | b"gAMA" | b"cHRM" | b"cICP" | b"mDCV" | b"cLLI"
        | b"bKGD" | b"hIST" | b"sBIT" | b"sPLT" => {
            job.found_at(Class::Metadata, &told)?;
        }
        _ => {
            job.found_at(Class::UnknownPart, &told)?;
        }
    }
    Ok(())
}

fn decoded(job: &mut Job<'_>, clean: &[u8]) -> Result<Pixels, Reason> {
    let mut options = png::DecodeOptions::default();
    // The sums of the chunks were checked by the walk; that of the data is checked here.
    options.set_ignore_crc(true);
    options.set_ignore_adler32(false);
    let mut decoder = png::Decoder::new_with_options(Cursor::new(clean), options);
    decoder.set_transformations(Transformations::EXPAND);
    let left = usize::try_from(job.budget.decoded_left()).unwrap_or(usize::MAX);
    decoder.set_limits(png::Limits { bytes: left });
    let mut reader = decoder.read_info().map_err(unreadable)?;
    let size = reader.output_buffer_size().ok_or_else(order)?;
    job.budget.decode(size)?;
    let mut samples = vec![0; size];
    let info = reader.next_frame(&mut samples).map_err(unreadable)?;
    samples.truncate(info.buffer_size());
    let (colours, alpha) = match info.color_type {
        ColorType::Grayscale => (Colours::Grey, false),
        ColorType::GrayscaleAlpha => (Colours::Grey, true),
        ColorType::Rgb => (Colours::Rgb, false),
        ColorType::Rgba => (Colours::Rgb, true),
        ColorType::Indexed => return Err(order()),
    };
    let layout = Layout::of(colours, alpha, info.bit_depth == BitDepth::Sixteen);
    Pixels::new(info.width, info.height, layout, samples)
}

/// Writes pixels as the smallest kind of PNG that holds them exactly.
pub(super) fn encoded(pixels: Pixels, density: Option<Density>) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::with_capacity(pixels.samples.len() / 4);
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width, pixels.height);
    encoder.set_pixel_dims(density.map(|density| PixelDimensions {
        xppu: density.across,
        yppu: density.down,
        unit: Unit::Meter,
    }));
    let width = pixels.width;
    let grey = pixels.layout == Layout::of(Colours::Grey, false, false);
    let samples = if grey && let Some(bits) = grey_bits(&pixels.samples) {
        let step = 255 / (u8::MAX >> (8 - bits));
        let values: Vec<u8> = pixels.samples.iter().map(|sample| sample / step).collect();
        few(&mut encoder, ColorType::Grayscale, bits);
        packed(&values, width, bits)
    } else if !grey && let Some(indexed) = pixels.indexed() {
        let bits = match indexed.palette.len() {
            0..=2 => 1,
            3..=4 => 2,
            5..=16 => 4,
            _ => 8,
        };
        few(&mut encoder, ColorType::Indexed, bits);
        let colours = indexed
            .palette
            .iter()
            .flat_map(|[red, green, blue, _]| [*red, *green, *blue]);
        encoder.set_palette(colours.collect::<Vec<u8>>());
        if let Some(last) = indexed.palette.iter().rposition(|[.., opaque]| *opaque != 255) {
            let opaque = indexed.palette.iter().take(last + 1).map(|[.., opaque]| *opaque);
            encoder.set_trns(opaque.collect::<Vec<u8>>());
        }
        packed(&indexed.indices, width, bits)
    } else {
        many(&mut encoder, &pixels);
        pixels.samples
    };
    let mut writer = encoder.write_header().map_err(unreadable)?;
    writer.write_image_data(&samples).map_err(unreadable)?;
    writer.finish().map_err(unreadable)?;
    Ok(bytes)
}

/// How few bits hold every sample of a grey picture, if fewer than eight do.
fn grey_bits(samples: &[u8]) -> Option<u8> {
    [1, 2, 4].into_iter().find(|bits| {
        let step = 255 / (u8::MAX >> (8 - bits));
        samples.iter().all(|sample| sample % step == 0)
    })
}

/// Settings for pictures of few colours.
fn few<W: std::io::Write>(encoder: &mut png::Encoder<'_, W>, colour: ColorType, bits: u8) {
    encoder.set_color(colour);
    encoder.set_depth(match bits {
        1 => BitDepth::One,
        2 => BitDepth::Two,
        4 => BitDepth::Four,
        _ => BitDepth::Eight,
    });
    drawn(encoder);
}

/// Settings for pictures of many colours.
fn many<W: std::io::Write>(encoder: &mut png::Encoder<'_, W>, pixels: &Pixels) {
    let layout = pixels.layout;
    encoder.set_color(match (layout.colours, layout.alpha) {
        (Colours::Grey, false) => ColorType::Grayscale,
        (Colours::Grey, true) => ColorType::GrayscaleAlpha,
        (_, false) => ColorType::Rgb,
        (_, true) => ColorType::Rgba,
    });
    encoder.set_depth(if layout.deep {
        BitDepth::Sixteen
    } else {
        BitDepth::Eight
    });
    if pixels.repeats() {
        drawn(encoder);
    } else {
        encoder.set_filter(Filter::Paeth);
        encoder.set_deflate_compression(DeflateCompression::FdeflateUltraFast);
    }
}

/// Settings for screens and drawings, of which neighbours are the same rather than alike. Measured on screens, against filters and other
/// levels: half the size of the fastest, for a tenth more time. On photographs it is the other way round.
fn drawn<W: std::io::Write>(encoder: &mut png::Encoder<'_, W>) {
    encoder.set_filter(Filter::NoFilter);
    encoder.set_deflate_compression(DeflateCompression::Level(2));
}

fn order() -> Reason {
    broken("PNG: 構造の誤り", "PNG: its structure is wrong")
}
