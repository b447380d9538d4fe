//! The walk over the segments of a JPEG.

use super::super::broken;
use super::super::exif::Exif;
use super::super::pixels::Density;
use super::super::read::Reader;
use crate::class::Class;
use crate::job::Job;
use crate::refusal::Reason;

/// Scans of one picture; more are a way to keep a decoder busy.
pub(super) const MOST_SCANS: usize = 64;

/// Sum of the table for luminance in T.81, annex K.1; a coarser table has a higher one in proportion.
const STANDARD_STEPS: u32 = 3_688;

/// The header of the frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) components: u8,
    pub(super) progressive: bool,
    /// How much finer the first component is sampled than the second, across and down.
    pub(super) sampling: (u8, u8),
}

/// What the walk takes from a file.
#[derive(Debug)]
pub(super) struct Walked {
    /// Tables, frame and scans, and nothing else.
    pub(super) clean: Vec<u8>,
    pub(super) frame: Frame,
    pub(super) orientation: Option<u8>,
    pub(super) density: Option<Density>,
    /// Sum of the first table of quantisation.
    steps: u32,
}

impl Walked {
    /// The quality to write with: about that of the picture, in the scale of the Independent JPEG Group.
    pub(super) fn quality(&self) -> u8 {
        // Per cent of the standard table.
        let scale = (self.steps * 100 / STANDARD_STEPS).max(1);
        let quality = if scale < 100 { 100 - scale / 2 } else { 5_000 / scale };
        u8::try_from(quality.clamp(80, 95)).unwrap_or(95)
    }
}

#[derive(Default)]
struct Walk {
    clean: Vec<u8>,
    frame: Option<Frame>,
    orientation: Option<u8>,
    density: Option<Density>,
    steps: Option<u32>,
    scans: usize,
}

pub(super) fn walked(job: &mut Job<'_>, bytes: &[u8]) -> Result<Walked, Reason> {
    let mut reader = Reader::new(bytes);
    reader.take(2)?;
    let mut walk = Walk::default();
    walk.clean.extend_from_slice(b"\xFF\xD8");
    loop {
        let marker = marker(&mut reader)?;
        if marker == 0xD9 {
            break;
        }
        if matches!(marker, 0x00 | 0x01 | 0xD0..=0xD8) {
            return Err(order());
        }
        let length = usize::from(reader.u16_be()?).checked_sub(2).ok_or_else(order)?;
        let content = reader.take(length)?;
        walk.segment(job, marker, content)?;
        if marker == 0xDA {
            let data = scan(&mut reader)?;
            walk.clean.extend_from_slice(data);
        }
    }
    walk.clean.extend_from_slice(b"\xFF\xD9");
    if !reader.rest().is_empty() {
        job.found(Class::StrayBytes)?;
    }
    match (walk.frame, walk.steps) {
        (Some(frame), Some(steps)) if walk.scans > 0 => Ok(Walked {
            clean: walk.clean,
            frame,
            orientation: walk.orientation,
            density: walk.density,
            steps,
        }),
        _ => Err(order()),
    }
}

/// The next marker; it may be filled up with 0xFF before it (T.81, B.1.1.2).
fn marker(reader: &mut Reader<'_>) -> Result<u8, Reason> {
    if reader.u8()? != 0xFF {
        return Err(order());
    }
    loop {
        let marker = reader.u8()?;
        if marker != 0xFF {
            return Ok(marker);
        }
    }
}

/// The coded data of a scan, up to the marker that ends it.
fn scan<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Reason> {
    let rest = reader.rest();
    let mut at = 0;
    loop {
        let found = rest
            .get(at..)
            .and_then(|rest| rest.iter().position(|byte| *byte == 0xFF));
        at += found.ok_or_else(super::super::read::cut)?;
        match rest.get(at + 1) {
            None => return Err(super::super::read::cut()),
            // A stuffed byte, or the start of the next interval.
            Some(0x00 | 0xD0..=0xD7) => at += 2,
            Some(0xFF) => at += 1,
            Some(_) => return reader.take(at),
        }
    }
}

impl Walk {
    fn segment(&mut self, job: &mut Job<'_>, marker: u8, content: &[u8]) -> Result<(), Reason> {
        match marker {
            0xC0..=0xC2 if self.frame.is_none() => {
                let frame = frame(content, marker == 0xC2)?;
                job.budget.picture(frame.width.into(), frame.height.into())?;
                self.frame = Some(frame);
            }
            0xDB => self.steps = self.steps.or(first_table(content)),
            0xDA if self.frame.is_some() => {
                self.scans += 1;
                if self.scans > MOST_SCANS {
                    return Err(broken("JPEG: スキャンが多すぎる", "JPEG: too many scans"));
                }
            }
            0xC4 | 0xDD => {}
            0xE0..=0xEF | 0xFE => return self.told(job, marker, content),
            _ => return Err(order()),
        }
        self.keep(marker, content)
    }

    fn keep(&mut self, marker: u8, content: &[u8]) -> Result<(), Reason> {
        let length = u16::try_from(content.len() + 2).map_err(|_| order())?;
        self.clean.extend_from_slice(&[0xFF, marker]);
        self.clean.extend_from_slice(&length.to_be_bytes());
        self.clean.extend_from_slice(content);
        Ok(())
    }

    /// A segment of an application, or a comment. Only what decides how pixels are read is taken from it.
    fn told(&mut self, job: &mut Job<'_>, marker: u8, content: &[u8]) -> Result<(), Reason> {
        if let (0xE0, Some(jfif)) = (marker, content.strip_prefix(b"JFIF\0")) {
            return self.jfif(job, jfif);
        }
        if let (0xE1, Some(block)) = (marker, content.strip_prefix(b"Exif\0\0")) {
            let exif = Exif::read(block);
            self.orientation = self.orientation.or(exif.orientation);
            return exif.count(job);
        }
        if let (0xEE, Some(adobe)) = (marker, content.strip_prefix(b"Adobe")) {
            // Version, flags, flags, and whether the colours are transformed (Adobe TN 5116).
            let transform = adobe.get(6).filter(|transform| **transform <= 2).ok_or_else(order)?;
            return self.keep(0xEE, &[b"Adobe\0\x64\0\0\0\0", &[*transform][..]].concat());
        }
        let name = match marker {
            0xE0 if content.starts_with(b"JFXX\0") => {
                job.found_at(Class::Thumbnail, "JFXX")?;
                return Ok(());
            }
            0xE1 if content.starts_with(b"http://ns.adobe.com/") => "XMP".to_owned(),
            0xE2 if content.starts_with(b"ICC_PROFILE\0") => "ICC".to_owned(),
            0xED if content.starts_with(b"Photoshop ") => "IPTC".to_owned(),
            0xFE => "COM".to_owned(),
            other => format!("APP{}", other & 0x0F),
        };
        job.found_at(Class::Metadata, &name)?;
        Ok(())
    }

    fn jfif(&mut self, job: &mut Job<'_>, jfif: &[u8]) -> Result<(), Reason> {
        let mut reader = Reader::new(jfif);
        reader.u16_be()?;
        let unit = reader.u8()?;
        let (across, down) = (reader.u16_be()?.into(), reader.u16_be()?.into());
        self.density = match unit {
            1 => Some(Density::of_inches(across, down)),
            2 => Some(Density {
                across: across * 100,
                down: down * 100,
            }),
            _ => None,
        };
        if reader.u8()? != 0 && reader.u8()? != 0 {
            job.found_at(Class::Thumbnail, "JFIF")?;
        }
        Ok(())
    }
}

fn frame(content: &[u8], progressive: bool) -> Result<Frame, Reason> {
    let mut reader = Reader::new(content);
    if reader.u8()? != 8 {
        return Err(broken("JPEG: 8ビット以外の画素", "JPEG: samples of other than 8 bits"));
    }
    let (height, width, components) = (reader.u16_be()?, reader.u16_be()?, reader.u8()?);
    if width == 0
        || height == 0
        || !matches!(components, 1 | 3 | 4)
        || reader.rest().len() != usize::from(components) * 3
    {
        return Err(order());
    }
    let factors = |component: Option<&[u8]>| {
        component
            .and_then(|component| component.get(1).copied())
            .unwrap_or(0x11)
    };
    let mut parts = reader.rest().chunks_exact(3);
    let (first, second) = (factors(parts.next()), factors(parts.next()));
    let finer = |first: u8, second: u8| first.checked_div(second).unwrap_or(1);
    Ok(Frame {
        width,
        height,
        components,
        progressive,
        sampling: (finer(first >> 4, second >> 4), finer(first & 0x0F, second & 0x0F)),
    })
}

/// The sum of the first table of quantisation in a segment.
fn first_table(content: &[u8]) -> Option<u32> {
    let (head, table) = content.split_first()?;
    if head >> 4 == 0 {
        Some(table.get(..64)?.iter().map(|step| u32::from(*step)).sum())
    } else {
        let steps = table.get(..128)?.chunks_exact(2);
        Some(
            steps
                .map(|step| step.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
                .sum(),
        )
    }
}

fn order() -> Reason {
    broken("JPEG: 構造の誤り", "JPEG: its structure is wrong")
}
