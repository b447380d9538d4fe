//! Writing TIFF: strips packed with Deflate, two levels where no more are there.

use flate2::{Compression, write::ZlibEncoder};
use std::io::Write;

use super::super::pixels::{Colours, Layout, packed};
use super::super::unreadable;
use super::{Page, order};
use crate::refusal::Reason;

/// Bytes of a strip before it is packed, about.
const STRIP: usize = 256 << 10;

/// A value of a tag: its type, how many, and their bytes.
type Value = (u16, usize, Vec<u8>);

/// Writes pages as one file, the higher byte of a number first.
pub(super) fn written(pages: &[Page]) -> Result<Vec<u8>, Reason> {
    let mut bytes = b"MM\0*\0\0\0\0".to_vec();
    // Where the place of the next directory is to be put.
    let mut link = 4;
    for page in pages {
        let strips = strips(&mut bytes, page)?;
        if bytes.len() % 2 == 1 {
            bytes.push(0);
        }
        let at = u32::try_from(bytes.len()).map_err(|_| order())?;
        if let Some(place) = bytes.get_mut(link..link + 4) {
            place.copy_from_slice(&at.to_be_bytes());
        }
        link = directory(&mut bytes, page, &strips)?;
    }
    Ok(bytes)
}

/// What was written of a page.
struct Strips {
    rows: u32,
    bits: u16,
    offsets: Vec<u32>,
    lengths: Vec<u32>,
}

fn strips(bytes: &mut Vec<u8>, page: &Page) -> Result<Strips, Reason> {
    let pixels = &page.pixels;
    let grey = pixels.layout == Layout::of(Colours::Grey, false, false);
    let two = grey && pixels.samples.iter().all(|sample| matches!(sample, 0 | 255));
    let (samples, bits) = if two {
        let levels: Vec<u8> = pixels.samples.iter().map(|sample| sample & 1).collect();
        (packed(&levels, pixels.width, 1), 1)
    } else {
        (pixels.samples.clone(), if pixels.layout.deep { 16 } else { 8 })
    };
    let stride = samples.len() / pixels.height.max(1) as usize;
    let rows = (STRIP / stride.max(1)).clamp(1, pixels.height.max(1) as usize);
    let mut strips = Strips {
        rows: u32::try_from(rows).map_err(|_| order())?,
        bits,
        offsets: Vec::new(),
        lengths: Vec::new(),
    };
    for strip in samples.chunks((rows * stride).max(1)) {
        let before = bytes.len();
        strips.offsets.push(u32::try_from(before).map_err(|_| order())?);
        let mut encoder = ZlibEncoder::new(&mut *bytes, Compression::new(6));
        encoder.write_all(strip).map_err(unreadable)?;
        encoder.finish().map_err(unreadable)?;
        strips
            .lengths
            .push(u32::try_from(bytes.len() - before).map_err(|_| order())?);
    }
    Ok(strips)
}

/// Writes the directory of a page; says where the place of the next one is to be put.
fn directory(bytes: &mut Vec<u8>, page: &Page, strips: &Strips) -> Result<usize, Reason> {
    let layout = page.pixels.layout;
    let samples = u16::try_from(layout.samples()).map_err(|_| order())?;
    let photometric: u16 = match layout.colours {
        Colours::Grey => 1,
        Colours::Rgb => 2,
        Colours::Cmyk => 5,
    };
    let short = |number: u16| (3u16, 1, number.to_be_bytes().to_vec());
    let long = |number: u32| (4u16, 1, number.to_be_bytes().to_vec());
    let longs = |numbers: &[u32]| {
        (
            4u16,
            numbers.len(),
            numbers.iter().flat_map(|number| number.to_be_bytes()).collect(),
        )
    };
    let mut entries: Vec<(u16, Value)> = vec![
        (256, long(page.pixels.width)),
        (257, long(page.pixels.height)),
        (
            258,
            (3, samples.into(), strips.bits.to_be_bytes().repeat(samples.into())),
        ),
        (259, short(8)),
        (262, short(photometric)),
        (273, longs(&strips.offsets)),
        (277, short(samples)),
        (278, long(strips.rows)),
        (279, longs(&strips.lengths)),
    ];
    if let Some(density) = page.density {
        let (across, down) = density.inches();
        let ratio = |number: u32| (5u16, 1, [number.to_be_bytes(), 1u32.to_be_bytes()].concat());
        entries.push((282, ratio(across)));
        entries.push((283, ratio(down)));
    }
    entries.push((284, short(1)));
    if page.density.is_some() {
        entries.push((296, short(2)));
    }
    if layout.alpha {
        // Not multiplied with the colours.
        entries.push((338, short(2)));
    }
    let start = bytes.len();
    let mut values_at = start + 2 + entries.len() * 12 + 4;
    let mut values = Vec::new();
    bytes.extend_from_slice(&u16::try_from(entries.len()).map_err(|_| order())?.to_be_bytes());
    for (tag, (kind, count, mut value)) in entries {
        bytes.extend_from_slice(&tag.to_be_bytes());
        bytes.extend_from_slice(&kind.to_be_bytes());
        bytes.extend_from_slice(&u32::try_from(count).map_err(|_| order())?.to_be_bytes());
        if value.len() <= 4 {
            value.resize(4, 0);
            bytes.append(&mut value);
        } else {
            bytes.extend_from_slice(&u32::try_from(values_at).map_err(|_| order())?.to_be_bytes());
            values_at += value.len();
            values.append(&mut value);
        }
    }
    let link = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    bytes.append(&mut values);
    Ok(link)
}
