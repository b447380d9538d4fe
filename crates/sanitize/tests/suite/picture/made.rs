//! Pictures that the tests make, with a marker wherever something can hide.

use std::borrow::Cow;
use std::io::Cursor;

use super::MARKER;

/// One of each kind.
pub(super) fn each() -> Vec<(&'static str, Vec<u8>)> {
    let pixels: Vec<u8> = (0..20 * 20 * 3u32).map(|at| (at * at % 251) as u8).collect();
    let picture = image::RgbImage::from_raw(20, 20, pixels.clone()).expect("the size fits");
    let written = |format| {
        let mut file = Vec::new();
        picture
            .write_to(&mut Cursor::new(&mut file), format)
            .expect("it is written");
        file
    };
    vec![
        ("a.jpg", plain_jpeg()),
        ("a.png", png(20, 20, png::ColorType::Rgb, &pixels, &[])),
        ("a.gif", plain_gif()),
        ("a.tif", written(image::ImageFormat::Tiff)),
        ("a.bmp", written(image::ImageFormat::Bmp)),
        ("a.webp", written(image::ImageFormat::WebP)),
    ]
}

/// Red above, blue below, 24 by 16, with a bit of noise.
pub(super) fn plain_jpeg() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(24, 16, |x, y| {
        let noise = ((x * 31 + y * 17) % 23) as u8;
        image::Rgb(if y < 8 {
            [230 + noise, noise, noise]
        } else {
            [noise, noise, 230 + noise]
        })
    });
    let mut file = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 90);
    picture.write_with_encoder(encoder).expect("it is written");
    file
}

/// The same with all that a camera tells: held on its side, a place, a small picture, a comment, and an archive behind it.
pub(super) fn photograph() -> Vec<u8> {
    let plain = plain_jpeg();
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).expect("it is short").to_be_bytes();
        [&[0xFF, marker], &length[..], content].concat()
    };
    [
        &plain[..2],
        &segment(0xE1, &[b"Exif\0\0", exif(6).as_slice()].concat()),
        &segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", MARKER].concat()),
        &segment(0xFE, MARKER),
        &plain[2..],
        b"PK\x03\x04\x14\0\0\0\0\0",
        MARKER,
    ]
    .concat()
}

/// An orientation, a place, and a directory for a small picture.
pub(super) fn exif(orientation: u16) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    block.extend_from_slice(b"\x01\x12\0\x03\0\0\0\x01");
    block.extend_from_slice(&orientation.to_be_bytes());
    block.extend_from_slice(b"\0\0");
    block.extend_from_slice(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26");
    block.extend_from_slice(b"\0\0\0\x26");
    block.extend_from_slice(MARKER);
    block
}

/// A PNG with chunks of the test's own between header and data.
pub(super) fn png(
    width: u32,
    height: u32,
    colour: png::ColorType,
    pixels: &[u8],
    chunks: &[(&[u8; 4], &[u8])],
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(colour);
    let mut writer = encoder.write_header().expect("it is written");
    for (name, content) in chunks {
        writer
            .write_chunk(png::chunk::ChunkType(**name), content)
            .expect("it is written");
    }
    writer.write_image_data(pixels).expect("it is written");
    writer.finish().expect("it is written");
    file
}

pub(super) fn deep_png(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Sixteen);
    let mut writer = encoder.write_header().expect("it is written");
    writer.write_image_data(pixels).expect("it is written");
    writer.finish().expect("it is written");
    file
}

/// A PNG that says it is large, and has next to no data.
pub(super) fn png_of_size(width: u32, height: u32) -> Vec<u8> {
    let mut file = png(1, 1, png::ColorType::Grayscale, &[0], &[]);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&file[12..29]);
    file[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    file
}

fn plain_gif() -> Vec<u8> {
    let mut file = Vec::new();
    let palette = [0, 0, 0, 255, 255, 255, 200, 10, 10, 10, 200, 10];
    let mut encoder = gif::Encoder::new(&mut file, 20, 20, &palette).expect("it is written");
    let indices: Vec<u8> = (0..400u32).map(|at| (at * at % 4) as u8).collect();
    let frame = gif::Frame {
        width: 20,
        height: 20,
        buffer: Cow::Owned(indices),
        ..gif::Frame::default()
    };
    encoder.write_frame(&frame).expect("it is written");
    drop(encoder);
    file
}

/// Frames with palettes, of which one colour is never used and spells the marker; a comment, an extension and a script.
pub(super) fn gif(frames: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let palette = [&[0, 0, 0, 255, 255, 255, 9, 9, 9], MARKER].concat();
    let mut encoder = gif::Encoder::new(&mut file, 8, 8, &palette).expect("it is written");
    encoder.set_repeat(gif::Repeat::Infinite).expect("it is written");
    encoder
        .write_raw_extension(gif::AnyExtension(0xFE), &[MARKER])
        .expect("it is written");
    encoder
        .write_raw_extension(gif::AnyExtension(0xFF), &[b"HIDDEN01.00", MARKER])
        .expect("it is written");
    for number in 0..frames {
        let frame = gif::Frame {
            width: 8,
            height: 8,
            delay: 7,
            transparent: Some(2),
            buffer: Cow::Owned((0..64).map(|at| (at + number) % 3).collect()),
            ..gif::Frame::default()
        };
        encoder.write_frame(&frame).expect("it is written");
    }
    drop(encoder);
    file.extend_from_slice(b"<script>");
    file.extend_from_slice(MARKER);
    file
}

/// Indices, delay and transparency of every frame.
pub(super) fn gif_frames(file: &[u8]) -> Vec<(Vec<u8>, u16, Option<u8>)> {
    let mut decoder = gif::DecodeOptions::new()
        .read_info(Cursor::new(file))
        .expect("it is a GIF");
    let mut frames = Vec::new();
    while let Some(frame) = decoder.read_next_frame().expect("it can be read") {
        frames.push((frame.buffer.to_vec(), frame.delay, frame.transparent));
    }
    frames
}

/// Two pages, one of two levels only, with the name of a program.
pub(super) fn tiff() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = tiff::encoder::TiffEncoder::new(Cursor::new(&mut file)).expect("it is written");
    let colours: Vec<u8> = (0..30 * 10 * 3u32).map(|at| (at * 5 % 256) as u8).collect();
    let mut page = encoder
        .new_image::<tiff::encoder::colortype::RGB8>(30, 10)
        .expect("it is written");
    let marker = std::str::from_utf8(MARKER).expect("it is text");
    page.encoder()
        .write_tag(tiff::tags::Tag::Software, marker)
        .expect("it is written");
    page.write_data(&colours).expect("it is written");
    let levels: Vec<u8> = (0..19 * 6u32).map(|at| if at % 3 == 0 { 255 } else { 0 }).collect();
    encoder
        .write_image::<tiff::encoder::colortype::Gray8>(19, 6, &levels)
        .expect("it is written");
    file
}

/// Four pixels by two, not packed, with a palette of black, red, green and blue.
pub(super) fn small_tiff(photometric: u16, bits: u16, pixels: &[u8]) -> Vec<u8> {
    let palette: Vec<u8> = [0, 0xFFFF, 0, 0, 0, 0, 0xFFFF, 0, 0, 0, 0, 0xFFFF]
        .into_iter()
        .flat_map(u16::to_le_bytes)
        .collect();
    let entries = [
        (256, 3, 1, 4),
        (257, 3, 1, 2),
        (258, 3, 1, u32::from(bits)),
        (259, 3, 1, 1),
        (262, 3, 1, u32::from(photometric)),
        (273, 4, 1, 158),
        (277, 3, 1, 1),
        (278, 3, 1, 2),
        (279, 4, 1, 2),
        (320, 3, 12, 134),
    ];
    let mut file = b"II*\0\x08\0\0\0\x0A\0".to_vec();
    for (tag, kind, count, value) in entries {
        file.extend_from_slice(&u16::to_le_bytes(tag));
        file.extend_from_slice(&u16::to_le_bytes(kind));
        file.extend_from_slice(&u32::to_le_bytes(count));
        file.extend_from_slice(&u32::to_le_bytes(value));
    }
    file.extend_from_slice(&[0; 4]);
    assert_eq!(file.len(), 134);
    [file, palette, pixels.to_vec()].concat()
}

/// The pixels of every page as grey or colours of eight bits.
pub(super) fn tiff_pages(file: &[u8]) -> Vec<((u32, u32), Vec<u8>)> {
    let mut decoder = tiff::decoder::Decoder::new(Cursor::new(file)).expect("it is a TIFF");
    let mut pages = Vec::new();
    loop {
        let size = decoder.dimensions().expect("it has a size");
        let bits = decoder.colortype().expect("it has colours").bit_depth();
        let tiff::decoder::DecodingResult::U8(samples) = decoder.read_image().expect("it can be read") else {
            panic!("samples of eight bits");
        };
        let samples = match bits {
            1 => samples
                .chunks(size.0.div_ceil(8) as usize)
                .flat_map(|row| (0..size.0 as usize).map(|x| if row[x / 8] >> (7 - x % 8) & 1 == 1 { 255 } else { 0 }))
                .collect(),
            _ => samples,
        };
        pages.push((size, samples));
        if !decoder.more_images() {
            return pages;
        }
        decoder.next_image().expect("there is another");
    }
}
