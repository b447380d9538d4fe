//! JPEG.
//!
//! Source: ITU-T T.81, JFIF 1.02 (ITU-T T.871), Exif 3.0 for the segments of cameras.

mod segments;

use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::pixels::{Colours, Density, Layout, Pixels};
use super::{broken, unreadable};
use crate::job::Job;
use crate::refusal::Reason;

pub(super) fn rebuild(job: &mut Job<'_>, bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let walked = segments::walked(job, bytes)?;
    let pixels = decoded(job, &walked)?.turned(walked.orientation);
    encoded(&pixels, &walked)
}

fn decoded(job: &mut Job<'_>, walked: &segments::Walked) -> Result<Pixels, Reason> {
    let (width, height) = (walked.frame.width, walked.frame.height);
    let (space, colours) = if walked.frame.components == 1 {
        (ColorSpace::Luma, Colours::Grey)
    } else {
        (ColorSpace::RGB, Colours::Rgb)
    };
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(width))
        .set_max_height(usize::from(height))
        .jpeg_set_out_colorspace(space)
        .jpeg_set_max_scans(segments::MOST_SCANS);
    let layout = Layout::of(colours, false, false);
    // A progressive picture is held as coefficients of two bytes besides.
    let pixels = usize::from(width) * usize::from(height);
    let coefficients = if walked.frame.progressive {
        2 * usize::from(walked.frame.components)
    } else {
        0
    };
    job.budget.decode(pixels * (layout.bytes() + coefficients))?;
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(walked.clean.as_slice()), options);
    let samples = decoder.decode().map_err(|_| damaged())?;
    Pixels::new(width.into(), height.into(), layout, samples)
}

fn encoded(pixels: &Pixels, walked: &segments::Walked) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::with_capacity(walked.clean.len());
    let mut encoder = Encoder::new(&mut bytes, walked.quality());
    let lying = walked.orientation.is_some_and(|orientation| orientation >= 5);
    encoder.set_sampling_factor(match walked.frame.sampling {
        (2, 2) => SamplingFactor::F_2_2,
        (2, 1) if !lying => SamplingFactor::F_2_1,
        (1, 2) if lying => SamplingFactor::F_2_1,
        _ => SamplingFactor::F_1_1,
    });
    encoder.set_chroma_subsampling_method(jpeg_encoder::ChromaSubsamplingMethod::Average);
    if let Some(density) = walked.density.and_then(Density::plausible) {
        let (across, down) = density.turned(walked.orientation).inches();
        if let (Ok(x), Ok(y)) = (u16::try_from(across), u16::try_from(down)) {
            encoder.set_density(PixelDensity {
                density: (x, y),
                unit: PixelDensityUnit::Inches,
            });
        }
    }
    let colour = match pixels.layout.colours {
        Colours::Grey => ColorType::Luma,
        Colours::Rgb | Colours::Cmyk => ColorType::Rgb,
    };
    let side = |pixels: u32| u16::try_from(pixels).map_err(|_| damaged());
    encoder
        .encode(&pixels.samples, side(pixels.width)?, side(pixels.height)?, colour)
        .map_err(unreadable)?;
    Ok(bytes)
}

fn damaged() -> Reason {
    broken(
        "JPEG: 画像データが壊れている",
        "JPEG: the data of the picture is damaged",
    )
}
