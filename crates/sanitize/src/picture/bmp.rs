//! BMP.
//!
//! Source: [MS-WMF] 2.2.2 (device-independent bitmaps), BITMAPFILEHEADER.

use std::io::Cursor;

use image::codecs::bmp::{BmpDecoder, BmpEncoder};
use image::{ExtendedColorType, ImageDecoder};

use super::pixels::{Colours, Layout, Pixels};
use super::read::Reader;
use super::{broken, unreadable};
use crate::class::Class;
use crate::job::Job;
use crate::refusal::Reason;

/// Lengths of the headers that are known: OS/2, Windows 3, with masks, 4 and 5.
const HEADERS: &[u32] = &[12, 40, 52, 56, 108, 124];

/// Numbers of the headers.
struct Header {
    width: u32,
    height: u32,
    /// Where they end, if they are not packed.
    end: Option<usize>,
    /// A profile of colours lies in the file.
    profile: bool,
}

/// Does a BMP begin here? Two letters are few: the header that follows must be one that is known.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let header = |bytes: &[u8]| {
        let mut reader = Reader::new(bytes);
        reader.take(10)?;
        let offset = reader.u32_le()?;
        Ok::<_, Reason>((offset, reader.u32_le()?))
    };
    bytes.starts_with(b"BM") && header(bytes).is_ok_and(|(offset, size)| HEADERS.contains(&size) && offset >= 14 + size)
}

pub(super) fn rebuild(job: &mut Job<'_>, bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let header = header(bytes)?;
    job.budget.picture(header.width, header.height)?;
    if header.profile {
        job.found_at(Class::Metadata, "ICC")?;
    }
    match header.end {
        Some(end) if end > bytes.len() => return Err(super::read::cut()),
        Some(end) if end < bytes.len() && !header.profile => {
            job.found(Class::StrayBytes)?;
        }
        _ => {}
    }
    let pixels = decoded(job, bytes)?;
    let (width, height) = (pixels.width, pixels.height);
    let mut written = Vec::with_capacity(pixels.samples.len() + 1024);
    let mut encoder = BmpEncoder::new(&mut written);
    let alpha = pixels.layout.alpha;
    match pixels.indexed().filter(|_| !alpha) {
        Some(indexed) => {
            let palette: Vec<[u8; 3]> = indexed
                .palette
                .iter()
                .map(|[red, green, blue, _]| [*red, *green, *blue])
                .collect();
            encoder.encode_with_palette(&indexed.indices, width, height, ExtendedColorType::L8, Some(&palette))
        }
        None if alpha => encoder.encode(&pixels.samples, width, height, ExtendedColorType::Rgba8),
        None => encoder.encode(&pixels.samples, width, height, ExtendedColorType::Rgb8),
    }
    .map_err(unreadable)?;
    Ok(written)
}

fn header(bytes: &[u8]) -> Result<Header, Reason> {
    let mut reader = Reader::new(bytes);
    reader.take(10)?;
    let pixels = usize::try_from(reader.u32_le()?).map_err(|_| order())?;
    let size = reader.u32_le()?;
    let (width, height, bits, packing) = if size == 12 {
        let (width, height) = (reader.u16_le()?, reader.u16_le()?);
        reader.u16_le()?;
        (width.into(), height.into(), reader.u16_le()?, 0)
    } else {
        let (width, height) = (reader.u32_le()?, reader.u32_le()?.cast_signed());
        reader.u16_le()?;
        (width, height.unsigned_abs(), reader.u16_le()?, reader.u32_le()?)
    };
    // Packed by JPEG or PNG (4, 5) is for printers only; 3 and 6 are masks of colours.
    if width == 0 || height == 0 || width > i32::MAX.unsigned_abs() || !matches!(packing, 0..=3 | 6) {
        return Err(order());
    }
    let stride = (u64::from(width) * u64::from(bits)).div_ceil(32) * 4;
    let length = usize::try_from(stride.saturating_mul(height.into())).map_err(|_| order())?;
    if pixels >= bytes.len() {
        return Err(super::read::cut());
    }
    Ok(Header {
        width,
        height,
        end: matches!(packing, 0 | 3 | 6).then_some(pixels.saturating_add(length)),
        profile: size == 124 && bytes.get(126..134).is_some_and(|profile| profile != [0; 8]),
    })
}

fn decoded(job: &mut Job<'_>, bytes: &[u8]) -> Result<Pixels, Reason> {
    let decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    job.budget.picture(width, height)?;
    let (colours, alpha) = match decoder.color_type() {
        image::ColorType::Rgb8 => (Colours::Rgb, false),
        image::ColorType::Rgba8 => (Colours::Rgb, true),
        _ => return Err(order()),
    };
    let size = usize::try_from(decoder.total_bytes()).map_err(|_| order())?;
    job.budget.decode(size)?;
    let mut samples = vec![0; size];
    decoder.read_image(&mut samples).map_err(unreadable)?;
    Ok(Pixels::new(width, height, Layout::of(colours, alpha, false), samples)?.without_idle_alpha())
}

fn order() -> Reason {
    broken("BMP: 構造の誤り", "BMP: its structure is wrong")
}
