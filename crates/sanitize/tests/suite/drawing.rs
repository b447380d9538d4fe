//! Drawings and sound: only named parts come out.

use sanitize::class::Class;
use sanitize::profile::Profile;
use sanitize::refusal::Reason;
use sanitize::treat;

const HEAD: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">"#;

/// What comes out between the tags of the outermost element, and what was found.
fn drawn(inner: &str) -> (String, Vec<Class>) {
    let treated = treat(
        "図.svg",
        format!("{HEAD}{inner}</svg>").as_bytes(),
        &Profile::default(),
        &[],
    );
    let bytes = treated
        .outcome
        .unwrap_or_else(|refusal| panic!("{inner}: {}", refusal.words().en))
        .bytes;
    let out = String::from_utf8(bytes).expect("UTF-8");
    let out = out
        .strip_prefix(HEAD)
        .and_then(|rest| rest.strip_suffix("</svg>\n"))
        .expect("head and end");
    (
        out.to_owned(),
        treated.items.into_iter().map(|item| item.class).collect(),
    )
}

fn reason(name: &str, bytes: &[u8]) -> Reason {
    treat(name, bytes, &Profile::default(), &[])
        .outcome
        .expect_err("refused")
        .reason
}

#[test]
fn shapes_and_their_colours_stay() {
    let inner = r##"<defs><linearGradient id="g"><stop offset="0" style="stop-color:#ff0000"></stop></linearGradient></defs><path d="M0,0 L1,1" fill="url(#g)"></path><text x="1">あ &amp; い</text><use xlink:href="#g"></use>"##;
    assert_eq!(drawn(inner), (inner.to_owned(), vec![]));
}

#[test]
fn what_runs_or_fetches_goes_and_is_counted() {
    let cases: [(&str, &str, Class); 13] = [
        ("<script>alert(1)</script>", "", Class::Script),
        ("<g onload=\"alert(1)\"/>", "<g></g>", Class::Script),
        ("<foreignObject><p/></foreignObject>", "", Class::ForeignContent),
        (
            "<set attributeName=\"href\" to=\"javascript:x\"/>",
            "",
            Class::ActiveAction,
        ),
        ("<a xlink:href=\"javascript:x\"/>", "<a></a>", Class::Script),
        ("<a href=\"java&#115;cript:x\"/>", "<a></a>", Class::Script),
        (
            "<image href=\"http://example.invalid/x.png\"/>",
            "",
            Class::RemotePicture,
        ),
        (
            "<use href=\"http://example.invalid/x.svg#a\"/>",
            "<use></use>",
            Class::ExternalTarget,
        ),
        (
            "<g fill=\"url(http://example.invalid/x#a)\"/>",
            "<g></g>",
            Class::UnknownAttribute,
        ),
        (
            "<g style=\"fill:u\\72l(http://example.invalid)\"/>",
            "<g></g>",
            Class::UnknownAttribute,
        ),
        (
            "<style>@import url(http://example.invalid)</style>",
            "",
            Class::UnknownElement,
        ),
        ("<sodipodi:namedview/>", "", Class::UnknownElement),
        (
            "<image href=\"data:image/svg+xml;base64,PHN2Zy8+\"/>",
            "",
            Class::UnreadablePicture,
        ),
    ];
    for (inner, out, class) in cases {
        assert_eq!(drawn(inner), (out.to_owned(), vec![class]), "{inner}");
    }
}

#[test]
fn drawings_that_expand_without_end_are_refused() {
    let entities = r#"<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>"#;
    assert!(matches!(reason("a.svg", entities.as_bytes()), Reason::Malformed { .. }));
    let levels: String = (1..20)
        .map(|level| {
            format!(
                "<g id=\"l{level}\">{}</g>",
                format!("<use href=\"#l{}\"/>", level - 1).repeat(9)
            )
        })
        .collect();
    for inner in [levels.as_str(), "<g id=\"a\"><use href=\"#a\"/></g>"] {
        assert!(matches!(
            reason("a.svg", format!("{HEAD}{inner}</svg>").as_bytes()),
            Reason::Malformed { .. }
        ));
    }
    let deep = format!("{HEAD}{}", "<g>".repeat(10_000));
    assert!(matches!(reason("a.svg", deep.as_bytes()), Reason::TooMuch { .. }));
}

/// A sound with chunks of the test's own.
fn sound(header: &[u8], chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut content = b"WAVE".to_vec();
    for (name, bytes) in [(b"fmt ", header)].iter().chain(chunks) {
        content.extend_from_slice(*name);
        content.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        content.extend_from_slice(bytes);
        content.extend(vec![0; bytes.len() % 2]);
    }
    [b"RIFF", &(content.len() as u32).to_le_bytes()[..], &content].concat()
}

#[test]
fn a_sound_keeps_its_samples_and_nothing_else() {
    let header = b"\x01\0\x01\0\x44\xAC\0\0\x88\x58\x01\0\x02\0\x10\0";
    let samples = [1, 2, 3, 4, 5, 6];
    let plain = sound(header, &[(b"data", &samples)]);
    let mut told = sound(
        header,
        &[(b"LIST", b"INFOMARKER"), (b"data", &samples), (b"evil", b"MARKER!")],
    );
    told.extend_from_slice(b"<script>");
    let treated = treat("a.wav", &told, &Profile::default(), &[]);
    assert_eq!(treated.outcome.expect("it is rebuilt").bytes, plain);
    let classes: Vec<_> = treated.items.into_iter().map(|item| item.class).collect();
    assert_eq!(classes, [Class::StrayBytes, Class::Metadata, Class::UnknownPart]);
    assert!(matches!(
        reason("a.wav", &plain[..plain.len() - 2]),
        Reason::Malformed { .. }
    ));
    let packed = sound(
        b"\x55\0\x01\0\x44\xAC\0\0\x88\x58\x01\0\x02\0\x10\0",
        &[(b"data", &samples)],
    );
    assert!(matches!(reason("a.wav", &packed), Reason::Malformed { .. }));
}
