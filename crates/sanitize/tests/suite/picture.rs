//! Pictures: what survives, what does not, and what is refused.

mod made;
mod walk;

use proptest::prelude::*;
use sanitize::class::Class;
use sanitize::profile::Profile;
use sanitize::refusal::Reason;
use sanitize::{Treated, treat};

/// Bytes that stand for what must not come out.
const MARKER: &[u8] = b"MARKER-35.6812N";

fn treated(name: &str, bytes: &[u8]) -> Treated {
    treat(name, bytes, &Profile::default(), &[])
}

/// What comes out, for a file that must.
fn rebuilt(name: &str, bytes: &[u8]) -> Vec<u8> {
    let treated = treated(name, bytes);
    let rebuilt = treated
        .outcome
        .unwrap_or_else(|refusal| panic!("{name}: {}", refusal.words().en));
    assert!(!contains(&rebuilt.bytes, MARKER), "{name}: the marker came through");
    rebuilt.bytes
}

fn reason(name: &str, bytes: &[u8]) -> Reason {
    treated(name, bytes).outcome.expect_err("it is refused").reason
}

fn classes(name: &str, bytes: &[u8]) -> Vec<Class> {
    treated(name, bytes).items.into_iter().map(|item| item.class).collect()
}

fn contains(bytes: &[u8], marker: &[u8]) -> bool {
    bytes.windows(marker.len()).any(|window| window == marker)
}

#[test]
fn a_photograph_is_turned_upright_and_loses_what_the_camera_told() {
    let photograph = made::photograph();
    assert!(contains(&photograph, MARKER));
    let out = rebuilt("旅行.JPG", &photograph);
    // APP0 with the resolution, frame, tables, scan.
    assert_eq!(walk::jpeg(&out), [0xE0, 0xC0, 0xDB, 0xDB, 0xC4, 0xC4, 0xC4, 0xC4, 0xDA]);
    let picture = image::load_from_memory(&out).expect("it is a picture").to_rgb8();
    // 24 across and 16 down, held on its side: red is on top of the stored picture and at the right of what is seen.
    assert_eq!(picture.dimensions(), (16, 24));
    let (left, right) = (picture.get_pixel(2, 12), picture.get_pixel(13, 12));
    assert!(right[0] > 200 && right[2] < 60, "{right:?}");
    assert!(left[0] < 60 && left[2] > 200, "{left:?}");
    assert_eq!(
        classes("旅行.JPG", &photograph),
        [
            Class::Metadata,
            Class::Thumbnail,
            Class::Metadata,
            Class::Metadata,
            Class::StrayBytes
        ]
    );
}

#[test]
fn the_orientations_are_those_of_the_standard() {
    // Two pixels by three, numbered in rows; how they are to be seen, for each orientation.
    let seen: [&[u8]; 8] = [
        &[1, 2, 3, 4, 5, 6],
        &[2, 1, 4, 3, 6, 5],
        &[6, 5, 4, 3, 2, 1],
        &[5, 6, 3, 4, 1, 2],
        &[1, 3, 5, 2, 4, 6],
        &[5, 3, 1, 6, 4, 2],
        &[6, 4, 2, 5, 3, 1],
        &[2, 4, 6, 1, 3, 5],
    ];
    for (orientation, seen) in (1..).zip(seen) {
        let file = made::png(
            2,
            3,
            png::ColorType::Grayscale,
            &[1, 2, 3, 4, 5, 6],
            &[(b"eXIf", &made::exif(orientation))],
        );
        let picture = image::load_from_memory(&rebuilt("a.png", &file))
            .expect("it is a picture")
            .to_luma8();
        assert_eq!(picture.as_raw(), seen, "orientation {orientation}");
        assert_eq!(picture.width(), if orientation < 5 { 2 } else { 3 });
    }
}

#[test]
fn a_screen_keeps_its_pixels_and_nothing_else() {
    let pixels: Vec<u8> = (0..40 * 30)
        .flat_map(|at: u32| {
            if at % 7 < 3 {
                [255, 255, 255, 255]
            } else {
                [10, 20, 30, 128]
            }
        })
        .collect();
    let text = [b"Comment\0".as_slice(), MARKER].concat();
    let chunks: [(&[u8; 4], &[u8]); 3] = [
        (b"tEXt", &text),
        (b"prVt", MARKER),
        (b"pHYs", b"\0\0\x2E\x23\0\0\x2E\x23\x01"),
    ];
    let mut file = made::png(40, 30, png::ColorType::Rgba, &pixels, &chunks);
    file.extend_from_slice(MARKER);
    let out = rebuilt("screen.png", &file);
    assert_eq!(walk::png(&out), ["IHDR", "pHYs", "PLTE", "tRNS", "IDAT", "IEND"]);
    assert_eq!(
        image::load_from_memory(&out)
            .expect("it is a picture")
            .to_rgba8()
            .into_raw(),
        pixels
    );
    assert_eq!(
        classes("screen.png", &file),
        [Class::Metadata, Class::UnknownPart, Class::StrayBytes]
    );
}

#[test]
fn samples_of_sixteen_bits_stay() {
    let pixels: Vec<u8> = (0..12 * 5 * 3u32)
        .flat_map(|at| u16::try_from(at * 311).unwrap().to_be_bytes())
        .collect();
    let file = made::deep_png(12, 5, &pixels);
    let out = image::load_from_memory(&rebuilt("a.png", &file)).expect("it is a picture");
    assert_eq!(out.color(), image::ColorType::Rgb16);
    let samples: Vec<u8> = out
        .to_rgb16()
        .into_raw()
        .into_iter()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(samples, pixels);
}

#[test]
fn a_picture_of_huge_size_is_refused_before_it_is_decoded() {
    for (width, height) in [(2_000_000_000, 2), (19_000, 19_000)] {
        let bomb = made::png_of_size(width, height);
        assert!(
            matches!(reason("a.png", &bomb), Reason::TooMuch { .. }),
            "{width} × {height}"
        );
    }
    let mut gif = made::gif(1);
    gif[6..10].copy_from_slice(&[0xFF; 4]);
    assert!(matches!(reason("a.gif", &gif), Reason::TooMuch { .. }));
}

#[test]
fn frames_stay_and_comments_and_scripts_go() {
    let file = made::gif(3);
    let out = rebuilt("a.gif", &file);
    assert_eq!(
        walk::gif(&out),
        [
            "NETSCAPE2.0",
            "control",
            "image",
            "control",
            "image",
            "control",
            "image"
        ]
    );
    assert_eq!(made::gif_frames(&out), made::gif_frames(&file));
    assert_eq!(
        classes("a.gif", &file),
        [Class::Metadata, Class::UnknownPart, Class::StrayBytes]
    );
}

#[test]
fn every_page_of_a_scan_stays() {
    let file = made::tiff();
    let out = rebuilt("scan.TIFF", &file);
    let pages = walk::tiff(&out);
    let allowed = [256, 257, 258, 259, 262, 273, 277, 278, 279, 282, 283, 284, 296];
    assert_eq!(pages.len(), 2);
    assert!(pages.iter().flatten().all(|tag| allowed.contains(tag)), "{pages:?}");
    assert_eq!(made::tiff_pages(&out), made::tiff_pages(&file));
    assert_eq!(classes("scan.TIFF", &file), [Class::Metadata]);
}

#[test]
fn a_scan_of_a_palette_or_of_two_levels_keeps_its_pixels() {
    // Four by two, two bits a pixel: numbers of colours.
    let palette = made::small_tiff(3, 2, &[0b0001_1011, 0b1110_0100]);
    let out = image::load_from_memory(&rebuilt("a.tif", &palette))
        .expect("it is a picture")
        .to_rgb8();
    let colours = [[0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255]];
    let expected: Vec<u8> = [0, 1, 2, 3, 3, 2, 1, 0]
        .into_iter()
        .flat_map(|number: usize| colours[number])
        .collect();
    assert_eq!(out.as_raw(), &expected);
    // White is zero, as facsimile machines write it.
    let levels = made::small_tiff(0, 1, &[0b0101_0000, 0b1111_0000]);
    assert_eq!(
        made::tiff_pages(&rebuilt("a.tif", &levels)),
        [((4, 2), vec![255, 0, 255, 0, 0, 0, 0, 0])]
    );
}

#[test]
fn printing_colours_of_a_photograph_become_those_of_screens() {
    for (cmyk, rgb) in [
        ([0, 0, 0, 0], [255, 255, 255]),
        ([0, 255, 255, 0], [255, 0, 0]),
        ([0, 0, 0, 255], [0, 0, 0]),
    ] {
        let mut file = Vec::new();
        jpeg_encoder::Encoder::new(&mut file, 95)
            .encode(&cmyk.repeat(64), 8, 8, jpeg_encoder::ColorType::Cmyk)
            .expect("it is written");
        let out = image::load_from_memory(&rebuilt("a.jpg", &file))
            .expect("it is a picture")
            .to_rgb8();
        let near = |(one, other): (&u8, &u8)| one.abs_diff(*other) < 8;
        assert!(
            out.get_pixel(3, 3).0.iter().zip(&rgb).all(near),
            "{:?} for {cmyk:?}",
            out.get_pixel(3, 3)
        );
    }
}

#[test]
fn bitmaps_and_pictures_of_the_web_keep_their_pixels() {
    let picture = image::RgbaImage::from_fn(33, 9, |x, y| {
        image::Rgba([(x * 7) as u8, (y * 20) as u8, 77, (x * y) as u8])
    });
    for (name, format) in [("a.webp", image::ImageFormat::WebP), ("a.bmp", image::ImageFormat::Bmp)] {
        let mut file = Vec::new();
        picture
            .write_to(&mut std::io::Cursor::new(&mut file), format)
            .expect("it is written");
        file.extend_from_slice(MARKER);
        let out = rebuilt(name, &file);
        assert_eq!(
            image::load_from_memory(&out).expect("it is a picture").to_rgba8(),
            picture,
            "{name}"
        );
        assert_eq!(classes(name, &file), [Class::StrayBytes], "{name}");
    }
}

#[test]
fn half_a_picture_is_none() {
    for (name, file) in made::each() {
        // The last bytes may be a pad or a trailer that says nothing; but what is told of the end must be there.
        for length in [10, file.len() / 3, file.len() / 2, file.len() * 9 / 10] {
            let cut = &file[..length];
            assert!(treated(name, cut).outcome.is_err(), "{name} of {length} bytes");
        }
    }
}

#[test]
fn coded_data_that_ends_early_is_no_picture() {
    let photograph = made::plain_jpeg();
    let cut = [&photograph[..photograph.len() - 200], b"\xFF\xD9"].concat();
    assert!(matches!(reason("a.jpg", &cut), Reason::Malformed { .. }));
}

#[test]
fn the_same_picture_comes_out_the_same() {
    for (name, file) in made::each() {
        assert_eq!(rebuilt(name, &file), rebuilt(name, &file), "{name}");
    }
}

#[test]
fn what_came_out_goes_in_again() {
    for (name, file) in made::each() {
        let once = rebuilt(name, &file);
        assert_eq!(classes(name, &once), [], "{name}");
        rebuilt(name, &once);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn damage_never_breaks_out(which in 0usize..6, damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let (name, mut file) = made::each().swap_remove(which);
        for (at, byte) in damage {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Ok(rebuilt) = treated(name, &file).outcome {
            prop_assert!(!contains(&rebuilt.bytes, MARKER));
            prop_assert!(image::load_from_memory(&rebuilt.bytes).is_ok());
        }
    }

    #[test]
    fn noise_behind_a_magic_number_never_breaks_out(which in 0usize..6, noise in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (name, file) = made::each().swap_remove(which);
        let bytes = [&file[..8], &noise].concat();
        let _ = treated(name, &bytes);
    }
}
