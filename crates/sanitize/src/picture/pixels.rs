//! Pixels between a decoder and an encoder.

use rustc_hash::FxHashMap;

use super::broken;
use crate::refusal::Reason;

/// Which samples a pixel has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colours {
    Grey,
    Rgb,
    Cmyk,
}

/// How a pixel is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) colours: Colours,
    /// A sample of how opaque it is comes last.
    pub(super) alpha: bool,
    /// Samples of 16 bits, the higher byte first; otherwise of 8.
    pub(super) deep: bool,
}

/// A picture in memory: row by row from the top, without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) layout: Layout,
    pub(super) samples: Vec<u8>,
}

/// A picture of few colours.
#[derive(Debug)]
pub(super) struct Indexed {
    /// Red, green, blue, opaqueness; at most 256.
    pub(super) palette: Vec<[u8; 4]>,
    /// A byte for a pixel.
    pub(super) indices: Vec<u8>,
}

/// How many pixels are inches or metres long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Density {
    /// Pixels a metre, across.
    pub(super) across: u32,
    /// Pixels a metre, down.
    pub(super) down: u32,
}

impl Density {
    /// Pixels in a metre for pixels in an inch.
    pub(super) fn of_inches(across: u32, down: u32) -> Self {
        let metre = |inch: u32| u32::try_from((u64::from(inch) * 10_000 + 127) / 254).unwrap_or(u32::MAX);
        Self {
            across: metre(across),
            down: metre(down),
        }
    }

    /// Pixels in an inch.
    pub(super) fn inches(self) -> (u32, u32) {
        let inch = |metre: u32| u32::try_from((u64::from(metre) * 254 + 5_000) / 10_000).unwrap_or(u32::MAX);
        (inch(self.across), inch(self.down))
    }

    /// As it is once the picture lies on its side.
    pub(super) fn turned(self, orientation: Option<u8>) -> Self {
        if orientation.is_some_and(|orientation| orientation >= 5) {
            Self {
                across: self.down,
                down: self.across,
            }
        } else {
            self
        }
    }

    /// Only if it can be meant.
    pub(super) fn plausible(self) -> Option<Self> {
        let range = 100..=1_000_000;
        (range.contains(&self.across) && range.contains(&self.down)).then_some(self)
    }
}

impl Layout {
    pub(super) const fn of(colours: Colours, alpha: bool, deep: bool) -> Self {
        Self { colours, alpha, deep }
    }

    /// Samples of a pixel.
    pub(super) const fn samples(self) -> usize {
        let colours = match self.colours {
            Colours::Grey => 1,
            Colours::Rgb => 3,
            Colours::Cmyk => 4,
        };
        colours + self.alpha as usize
    }

    /// Bytes of a pixel.
    pub(super) const fn bytes(self) -> usize {
        self.samples() * (1 + self.deep as usize)
    }
}

impl Pixels {
    /// A picture from the samples of a decoder.
    ///
    /// # Errors
    /// There are more or fewer samples than the size says.
    pub(super) fn new(width: u32, height: u32, layout: Layout, samples: Vec<u8>) -> Result<Self, Reason> {
        let expected = u64::from(width) * u64::from(height) * layout.bytes() as u64;
        if expected == 0 || samples.len() as u64 != expected {
            return Err(broken(
                "画素の数が合わない",
                "the number of pixels does not fit the size",
            ));
        }
        Ok(Self {
            width,
            height,
            layout,
            samples,
        })
    }

    /// One white pixel.
    pub(super) fn white() -> Self {
        Self {
            width: 1,
            height: 1,
            layout: Layout::of(Colours::Grey, false, false),
            samples: vec![255],
        }
    }

    /// The picture as it is meant to be seen (Exif 3.0, 4.6.4.1.6: 2 to 4 mirror and turn, 5 to 8 also swap rows and columns).
    pub(super) fn turned(self, orientation: Option<u8>) -> Self {
        let orientation = orientation.unwrap_or(1);
        if !(2..=8).contains(&orientation) {
            return self;
        }
        let swapped = orientation >= 5;
        let (width, height) = if swapped {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        };
        let (from_width, from_height) = (self.width as usize, self.height as usize);
        let length = self.layout.bytes();
        let mut samples = Vec::with_capacity(self.samples.len());
        for y in 0..height as usize {
            for x in 0..width as usize {
                let (column, row) = match orientation {
                    2 => (from_width - 1 - x, y),
                    3 => (from_width - 1 - x, from_height - 1 - y),
                    4 => (x, from_height - 1 - y),
                    5 => (y, x),
                    6 => (y, from_height - 1 - x),
                    7 => (from_width - 1 - y, from_height - 1 - x),
                    _ => (from_width - 1 - y, x),
                };
                let at = (row * from_width + column) * length;
                samples.extend_from_slice(self.samples.get(at..at + length).unwrap_or_default());
            }
        }
        Self {
            width,
            height,
            layout: self.layout,
            samples,
        }
    }

    /// The same picture without samples that say nothing: opaque everywhere, or grey everywhere.
    pub(super) fn plain(self) -> Self {
        self.without_idle_alpha().without_idle_colours()
    }

    /// The same picture, without its alpha channel if that is opaque everywhere.
    pub(super) fn without_idle_alpha(self) -> Self {
        let (length, sample) = (self.layout.bytes(), 1 + usize::from(self.layout.deep));
        let opaque = |pixel: &[u8]| pixel.iter().rev().take(sample).all(|byte| *byte == 255);
        if !self.layout.alpha || !self.samples.chunks_exact(length).all(opaque) {
            return self;
        }
        let layout = Layout {
            alpha: false,
            ..self.layout
        };
        self.cut(layout, 0)
    }

    /// The same picture in grey, if red, green and blue are the same everywhere.
    fn without_idle_colours(self) -> Self {
        let (length, sample) = (self.layout.bytes(), 1 + usize::from(self.layout.deep));
        let grey = |pixel: &[u8]| pixel.get(sample..3 * sample) == pixel.get(..2 * sample);
        if self.layout.colours != Colours::Rgb || !self.samples.chunks_exact(length).all(grey) {
            return self;
        }
        let layout = Layout {
            colours: Colours::Grey,
            ..self.layout
        };
        self.cut(layout, 2 * sample)
    }

    /// The picture with pixels of another layout, which are part of what there is now: from a byte on.
    fn cut(self, layout: Layout, from: usize) -> Self {
        let (before, after) = (self.layout.bytes(), layout.bytes());
        let mut samples = Vec::with_capacity(self.samples.len() / before * after);
        for pixel in self.samples.chunks_exact(before) {
            samples.extend_from_slice(pixel.get(from..from + after).unwrap_or_default());
        }
        Self {
            layout,
            samples,
            ..self
        }
    }

    /// Are more than a third of the pixels the same as the one before? Then it was drawn, not photographed.
    pub(super) fn repeats(&self) -> bool {
        let pixels = || self.samples.chunks_exact(self.layout.bytes());
        let same = pixels().zip(pixels().skip(1)).filter(|(one, next)| one == next).count();
        same * 3 > self.samples.len() / self.layout.bytes()
    }

    /// The picture with a palette, in the order in which colours come up; nothing if it has more than 256, or samples of 16 bits.
    pub(super) fn indexed(&self) -> Option<Indexed> {
        if self.layout.deep || self.layout.colours == Colours::Cmyk {
            return None;
        }
        let colour = |pixel: &[u8]| match *pixel {
            [grey] => [grey, grey, grey, 255],
            [grey, opaque] => [grey, grey, grey, opaque],
            [red, green, blue] => [red, green, blue, 255],
            [red, green, blue, opaque] => [red, green, blue, opaque],
            _ => [0; 4],
        };
        let length = self.layout.bytes();
        let mut palette: Vec<[u8; 4]> = Vec::new();
        let mut places: FxHashMap<[u8; 4], u8> = FxHashMap::default();
        let mut indices = Vec::new();
        // Pictures of few colours have long runs of one.
        let mut last: Option<([u8; 4], u8)> = None;
        for pixel in self.samples.chunks_exact(length) {
            let colour = colour(pixel);
            let index = match last {
                Some((same, index)) if same == colour => index,
                _ => match places.get(&colour) {
                    Some(index) => *index,
                    None => {
                        let index = u8::try_from(palette.len()).ok()?;
                        palette.push(colour);
                        places.insert(colour, index);
                        index
                    }
                },
            };
            last = Some((colour, index));
            indices.push(index);
        }
        Some(Indexed { palette, indices })
    }
}

/// Packs a small number a pixel into `bits` (1, 2 or 4; 8 leaves them) each, every row from a byte of its own, the first one highest.
pub(super) fn packed(values: &[u8], width: u32, bits: u8) -> Vec<u8> {
    if bits >= 8 {
        return values.to_vec();
    }
    let in_byte = usize::from(8 / bits);
    values
        .chunks(width.max(1) as usize)
        .flat_map(|row| {
            row.chunks(in_byte).map(|values| {
                let empty = u32::try_from(in_byte - values.len()).unwrap_or_default() * u32::from(bits);
                values.iter().fold(0u8, |byte, value| byte << bits | value) << empty
            })
        })
        .collect()
}

/// The opposite of [`packed`]: a byte a pixel.
pub(super) fn unpacked(packed: &[u8], width: u32, bits: u8) -> Vec<u8> {
    let width = width.max(1) as usize;
    let stride = (width * usize::from(bits)).div_ceil(8);
    let mask = u8::MAX >> (8 - bits.clamp(1, 8));
    packed
        .chunks(stride)
        .flat_map(|row| {
            (0..width).filter_map(move |x| {
                let at = x * usize::from(bits);
                let byte = row.get(at / 8)?;
                Some(byte >> (8 - usize::from(bits) - at % 8) & mask)
            })
        })
        .collect()
}
