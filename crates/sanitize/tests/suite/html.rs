//! Pages: only named elements come out.

use proptest::prelude::*;
use sanitize::class::{Action, Class};
use sanitize::profile::Profile;
use sanitize::refusal::Reason;
use sanitize::treat;

fn rebuilt(page: &str) -> String {
    rebuilt_by(&Profile::default(), page)
}

/// What stands between the tags of the body.
fn rebuilt_by(profile: &Profile, page: &str) -> String {
    let outcome = treat("通知.html", page.as_bytes(), profile, &[]).outcome;
    let bytes = outcome.unwrap_or_else(|refusal| panic!("{}", refusal.words().en)).bytes;
    let page = String::from_utf8(bytes).expect("UTF-8");
    let (_, body) = page.split_once("<body>\n").expect("it has a body");
    body.strip_suffix("\n</body>\n</html>\n")
        .expect("it has an end")
        .to_owned()
}

fn classes(page: &str) -> Vec<Class> {
    let items = treat("a.html", page.as_bytes(), &Profile::default(), &[]).items;
    items.into_iter().map(|item| item.class).collect()
}

#[test]
fn text_tables_and_links_stay() {
    let page = "<h1 style='x'>通知</h1><p>下記の<b>とおり<table border=1><tr><td colspan=\"2\">あ<td>い</table><a href='https://example.invalid/?a=1&amp;b=2'>詳細</a>";
    assert_eq!(
        rebuilt(page),
        "<h1>通知</h1><p>下記の<b>とおり<table border=\"1\"><tr><td colspan=\"2\">あ</td><td>い</td></tr></table>\
         <a href=\"https://example.invalid/?a=1&amp;b=2\" rel=\"noopener noreferrer\">詳細</a></b></p>"
    );
    assert_eq!(classes(page), [Class::UnknownAttribute, Class::Hyperlink]);
}

#[test]
fn links_go_where_the_profile_says_so() {
    let mut profile = Profile::default();
    profile.class.insert(Class::Hyperlink, Action::Drop);
    assert_eq!(
        rebuilt_by(&profile, "<a href='https://example.invalid/'>x</a>"),
        "<a>x</a>"
    );
}

#[test]
fn what_runs_or_fetches_goes_and_is_counted() {
    let cases: [(&str, &str, Class); 16] = [
        ("<script>alert(1)</script>a", "a", Class::Script),
        ("<p onclick=alert(1)>a", "<p>a</p>", Class::Script),
        ("<a href=' java\tscript:alert(1)'>a</a>", "<a>a</a>", Class::Script),
        ("<a href='&#106;avascript:alert(1)'>a</a>", "<a>a</a>", Class::Script),
        ("<a href='file:///c:/x.lnk'>a</a>", "<a>a</a>", Class::ExternalTarget),
        ("<a href='ms-msdt:/id'>a</a>", "<a>a</a>", Class::ExternalTarget),
        (
            "<img src=http://example.invalid/t.png alt=図>",
            "図",
            Class::RemotePicture,
        ),
        (
            "<meta http-equiv=Refresh content='0;url=http://example.invalid/'>a",
            "a",
            Class::ActiveAction,
        ),
        (
            "<form action=http://example.invalid/>a<input name=b></form>",
            "a",
            Class::ActiveAction,
        ),
        (
            "<iframe src=http://example.invalid/><p>x</iframe>a",
            "a",
            Class::ForeignContent,
        ),
        (
            "<object data=x><object>b</object>c</object>a",
            "a",
            Class::EmbeddedObject,
        ),
        (
            "<link rel=stylesheet href=http://example.invalid/>a",
            "a",
            Class::ExternalTarget,
        ),
        ("<base href=http://example.invalid/>a", "a", Class::ExternalTarget),
        (
            "<style>@import 'http://example.invalid/'</style>a",
            "a",
            Class::UnknownElement,
        ),
        ("a<svg><script>alert(1)</script></svg>", "a", Class::UnknownElement),
        (
            "<!--[if IE]><script>x</script><![endif]-->a",
            "a",
            Class::UnknownElement,
        ),
    ];
    for (page, body, class) in cases {
        assert_eq!(rebuilt(page), body, "{page}");
        assert_eq!(classes(page).first(), Some(&class), "{page}");
    }
}

#[test]
fn a_picture_in_the_page_is_rebuilt() {
    use base64::Engine;
    let mut png = Vec::new();
    image::GrayImage::from_pixel(2, 2, image::Luma([7]))
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .expect("it is written");
    png.extend_from_slice(b"MARKER");
    let data = base64::engine::general_purpose::STANDARD.encode(&png);
    let body = rebuilt(&format!("<img alt=図 src='data:image/jpeg;base64,{data}'>"));
    let data = body
        .strip_prefix("<img src=\"data:image/png;base64,")
        .and_then(|rest| rest.strip_suffix("\" alt=\"図\">"));
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(data.expect("a picture"))
        .expect("base64");
    assert!(image::load_from_memory(&bytes).is_ok());
    assert!(!bytes.windows(6).any(|window| window == b"MARKER"));
    assert_eq!(rebuilt("<img alt=図 src='data:image/png;base64,AAAA'>"), "図");
}

#[test]
fn a_page_is_one_whatever_it_is_called() {
    let reason = |name: &str, text: &str| {
        treat(name, text.as_bytes(), &Profile::default(), &[])
            .outcome
            .err()
            .map(|refusal| refusal.reason)
    };
    assert!(matches!(
        reason("a.txt", " <!-- x -->\n<!DOCTYPE html><p>"),
        Some(Reason::NameDisagrees { .. })
    ));
    assert!(matches!(
        reason("a.csv", "<HTML lang=ja>"),
        Some(Reason::NameDisagrees { .. })
    ));
    assert_eq!(reason("a.txt", "<htmlについて> <p>の説明"), None);
    assert!(matches!(reason("a.html", "<object>a"), Some(Reason::Malformed { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_comes_in_only_named_tags_come_out(page in "(<(/?(p|b|script|svg|style|a href=x:|img src=x onerror=y|title|textarea|noscript|math|table|td)>?|!--)|-->|a|&lt;|\"|'|>|<| ){0,30}") {
        if let Ok(out) = treat("a.html", page.as_bytes(), &Profile::default(), &[]).outcome {
            let out = String::from_utf8(out.bytes).unwrap();
            for tag in out.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                prop_assert!(["", "html", "head", "meta", "title", "body", "p", "b", "a", "table", "td"].contains(&name.as_str()), "{} in {}", name, out);
                prop_assert!(!tag.split('>').next().unwrap().contains("onerror"));
            }
        }
    }
}
