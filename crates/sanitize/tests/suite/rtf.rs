//! Rich text: only named control words come out, in seven bits.

use encoding_rs::SHIFT_JIS;
use proptest::prelude::*;
use sanitize::class::Class;
use sanitize::profile::Profile;
use sanitize::refusal::Reason;
use sanitize::treat;

const HEAD: &str = r"{\rtf1\ansi\ansicpg932\uc1 ";

fn rebuilt(document: &[u8]) -> String {
    let outcome = treat("文書.rtf", document, &Profile::default(), &[]).outcome;
    let bytes = outcome.unwrap_or_else(|refusal| panic!("{}", refusal.words().en)).bytes;
    assert!(bytes.is_ascii());
    String::from_utf8(bytes).expect("seven bits")
}

/// What comes out of a body, without the head that is always the same.
fn body(body: &str) -> String {
    let out = rebuilt(format!("{{\\rtf1\\ansi\\ansicpg932 {body}}}").as_bytes());
    out.strip_prefix(HEAD)
        .and_then(|rest| rest.strip_suffix('}'))
        .expect("head and end")
        .to_owned()
}

fn classes(body: &str) -> Vec<Class> {
    let document = format!("{{\\rtf1\\ansi\\ansicpg932 {body}}}");
    let items = treat("a.rtf", document.as_bytes(), &Profile::default(), &[]).items;
    items.into_iter().map(|item| item.class).collect()
}

/// Text of a document that holds nothing but `\u` and plain characters.
fn text(out: &str) -> String {
    let mut units = Vec::new();
    let mut rest = out;
    while !rest.is_empty() {
        if let Some(number) = rest.strip_prefix("\\u") {
            let (number, after) = number.split_once('?').expect("a fallback");
            units.push(number.parse::<i16>().expect("16 bits").cast_unsigned());
            rest = after;
        } else {
            let (character, after) = rest.split_at(1);
            units.extend(character.encode_utf16());
            rest = after;
        }
    }
    String::from_utf16(&units).expect("characters")
}

#[test]
fn characters_of_two_bytes_are_read_also_where_the_second_is_a_backslash() {
    // 能 and 表 end with 0x5C, ボ with 0x7B, マ with 0x7D.
    let words = "機能表ボマ①";
    let (bytes, _, _) = SHIFT_JIS.encode(words);
    let raw = [b"{\\rtf1\\ansi\\ansicpg932 ", &bytes[..], b"}"].concat();
    let hexadecimal: String = bytes.iter().map(|byte| format!("\\'{byte:02X}")).collect();
    let unicode: String = words
        .encode_utf16()
        .map(|unit| format!("\\u{}??", unit.cast_signed()))
        .collect();
    for out in [
        rebuilt(&raw)
            .strip_prefix(HEAD)
            .unwrap()
            .trim_end_matches('}')
            .to_owned(),
        body(&hexadecimal),
        body(&format!("\\uc2 {unicode}")),
    ] {
        assert_eq!(text(&out), words);
    }
    assert_eq!(
        text(&body(r"\u-10187?\u-8480?")),
        "𛀠".replace('𛀠', &String::from_utf16(&[0xD835, 0xDEE0]).unwrap())
    );
}

#[test]
fn layout_fonts_and_tables_stay() {
    let document = r"{\fonttbl{\f0\froman\fcharset128 \'82\'6c\'82\'72;}}{\colortbl;\red255\green0\blue0;}\pard\qc\b\f0\fs24 A\b0\par\trowd\cellx500\intbl x\cell\row";
    let out = body(document);
    for word in [
        "\\fonttbl ",
        "\\fcharset128 ",
        "\\red255 ",
        "\\qc ",
        "\\b ",
        "\\b0 ",
        "\\fs24 ",
        "\\cellx500 ",
        "\\cell ",
        "\\row ",
    ] {
        assert!(out.contains(word), "{word} in {out}");
    }
    assert_eq!(classes(document), []);
    assert_eq!(body(&out), out);
}

#[test]
fn objects_templates_and_unknown_parts_go_however_they_are_spelt() {
    let cases = [
        (
            r"{\object\objemb{\*\objclass Package}{\*\objdata 4d41524b}{\result R}}",
            Class::EmbeddedObject,
        ),
        (
            r"{\object\objautlink\objupdate{\objdata 4d41524b}{\result R}}",
            Class::EmbeddedObject,
        ),
        (
            "{\\object{\\*\\objdata\r\n 4d\\'41{\\b 5}\\bin4 MARK24b}{\\result R}}",
            Class::EmbeddedObject,
        ),
        (r"R{\b\objdata12 4d41524b}", Class::EmbeddedObject),
        (r"R{\*\template http://MARK.invalid/x.dotm}", Class::ExternalTarget),
        (r"R{\*\unknownword MARK}", Class::UnknownElement),
        (r"R{\info{\author MARK}}", Class::Metadata),
        (r"R{\*\datastore 4d41524b}", Class::CustomData),
        (r"R{\*\fontemb MARK}", Class::EmbeddedFont),
    ];
    for (document, class) in cases {
        let out = body(document);
        assert_eq!(classes(document).first(), Some(&class), "{document}");
        assert!(out.contains('R'), "{out}");
        for gone in ["MARK", "4d41", "obj", "template", "5"] {
            assert!(!out.contains(gone), "{gone} in {out}");
        }
    }
}

#[test]
fn fields_that_fetch_go_and_their_results_stay() {
    for field in [
        r"DDEAUTO c:\\x\\y.exe z",
        r"DD{\b E} x y",
        r"INCLUDE\'50ICTURE http://MARK.invalid/",
        r"{\field{\*\fldinst PAGE}{\fldrslt }}",
        r"\u76?INK Excel.Sheet x",
    ] {
        let document = format!(r"{{\field{{\*\fldinst {{{field}}}}}{{\fldrslt R}}}}");
        assert_eq!(body(&document), "{{R}}", "{field}");
        assert_eq!(classes(&document), [Class::FetchingField], "{field}");
    }
    assert_eq!(
        body(r"{\field{\*\fldinst PAGE}{\fldrslt 3}}"),
        r"{\field{\*\fldinst PAGE }{\fldrslt 3}}"
    );
    assert_eq!(
        body(r#"{\field{\*\fldinst HYPERLINK "https://example.invalid/"}{\fldrslt L}}"#),
        r#"{\field{\*\fldinst HYPERLINK "https://example.invalid/"}{\fldrslt L}}"#
    );
    assert_eq!(
        body(r#"{\field{\*\fldinst HYPERLINK "file://x/y"}{\fldrslt L}}"#),
        "{{L}}"
    );
}

#[test]
fn pictures_are_rebuilt_and_metafiles_leave_a_blank_one() {
    let mut png = Vec::new();
    image::GrayImage::from_pixel(2, 2, image::Luma([7]))
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .expect("it is written");
    png.extend_from_slice(b"MARKER");
    let digits: String = png.iter().map(|byte| format!("{byte:02x}")).collect();
    let out = body(&format!(
        r"{{\*\shppict{{\pict{{\*\picprop x}}\pngblip\picwgoal300 {digits}}}}}"
    ));
    assert!(out.contains(r"{\pict\pngblip\picwgoal300"), "{out}");
    assert!(!out.contains("4d41524b"), "{out}");
    let blank = r"{\pict\emfblip\picwgoal300 0100000058}";
    assert!(body(blank).contains("89504e47"));
    assert_eq!(classes(blank), [Class::Picture, Class::UnreadablePicture]);
}

#[test]
fn broken_structure_is_refused_and_what_follows_is_dropped() {
    for document in [
        &b"{\\rtf1 a"[..],
        b"{\\rtf1 \\'4",
        b"{\\rtf1 \\bin99 x}",
        b"{\\rtf1\\ansi\\ansicpg932 \\'81}",
    ] {
        let outcome = treat("a.rtf", document, &Profile::default(), &[]).outcome;
        assert!(matches!(outcome.expect_err("refused").reason, Reason::Malformed { .. }));
    }
    let deep = [b"{\\rtf1".as_slice(), &b"{".repeat(100_000)].concat();
    let outcome = treat("a.rtf", &deep, &Profile::default(), &[]).outcome;
    assert!(matches!(outcome.expect_err("refused").reason, Reason::TooMuch { .. }));
    let treated = treat("a.rtf", b"{\\rtf1 a}<script>", &Profile::default(), &[]);
    assert_eq!(treated.items[0].class, Class::StrayBytes);
    assert_eq!(treated.outcome.unwrap().bytes, format!("{HEAD}a}}").into_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_word_comes_out_that_is_not_named(document in r"(\{|\}|\\\*|\\(objdata|pict|field|fldinst|fldrslt|b|u12|'8|'93|bin2|par|fonttbl|f1|object|template)[ 1]?|PAGE|DDE|a|ff|\\){0,40}") {
        let document = format!("{{\\rtf1\\ansi {document}}}");
        if let Ok(out) = treat("a.rtf", document.as_bytes(), &Profile::default(), &[]).outcome {
            let out = String::from_utf8(out.bytes).unwrap();
            // Two of them are one as a character.
            for word in out.replace("\\\\", "").split('\\').skip(1) {
                let name: String = word.chars().take_while(char::is_ascii_alphabetic).collect();
                prop_assert!(
                    ["", "rtf", "ansi", "ansicpg", "uc", "pict", "pngblip", "picw", "pich", "field", "fldinst", "fldrslt", "b", "u", "par", "fonttbl", "f"].contains(&name.as_str()),
                    "{} in {}", name, out
                );
            }
        }
    }

    #[test]
    fn noise_never_breaks_out(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = treat("a.rtf", &[b"{\\rtf1\\ansi\\ansicpg932 ", noise.as_slice()].concat(), &Profile::default(), &[]);
    }
}
