//! What a visitor reads comes out; the furniture of the site does not.

use super::text;

fn lines(page: &str) -> Vec<String> {
    let text = text(page).unwrap();
    text.lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn blocks_become_lines_and_source_line_ends_vanish() {
    let page = "<h1>見本市\n  基本方針</h1><p>市は、\n情報を<b>守る</b>。A\nB<br>次の行<p>閉じない段落<div>箱</div>";
    assert_eq!(
        lines(page),
        [
            "見本市基本方針",
            "市は、情報を守る。A B",
            "次の行",
            "閉じない段落",
            "箱"
        ]
    );
}

#[test]
fn site_furniture_is_left_out() {
    let page = "<html><head><title>題</title><style>p{}</style></head><body><header>市役所</header>
        <nav><ul><li>届出</ul></nav><ol class='x breadcrumb'><li>ホーム</ol><div style='display: none'>隠</div>
        <script>if (a<b) { '<p>' }</script><p hidden>隠</p><noscript>x</noscript>
        <article><header><h1>方針</h1></header><p>本文</article><footer>問合せ先</footer>";
    assert_eq!(lines(page), ["方針", "本文"]);
}

#[test]
fn the_main_part_is_taken_alone() {
    let page = "<p>お知らせ</p><main><h1>方針</h1>本文</main><p>更新日</p>";
    assert_eq!(lines(page), ["方針", "本文"]);
    assert_eq!(lines("<p>前</p><main> </main><p>後"), ["前", "後"]);
}

#[test]
fn lists_show_their_numbers() {
    let page = "<ol start=2><li>定義<ol><li>端末<br>職員が使う機器<li value=5>回線</ol><li>範囲</ol>
        <ol type=A><li>一<li>二</ol><ol style='list-style-type: katakana-iroha'><li>紙<li>画面</ol><ul><li>点</ul>";
    assert_eq!(
        lines(page),
        [
            "  2. 定義",
            "    1. 端末",
            "      職員が使う機器",
            "    5. 回線",
            "  3. 範囲",
            "  A. 一",
            "  B. 二",
            "  イ 紙",
            "  ロ 画面",
            "  ・点"
        ]
    );
}

#[test]
fn a_typed_label_is_not_doubled() {
    let page = "<ol><li>(1) 端末<li>①回線<li>第3条 方針<li>4 対策<li>10 日以内に報告</ol><ul><li>ア 紙</ul>
        <ol style='list-style:none'><li>範囲</ol>";
    assert_eq!(
        lines(page),
        [
            "  (1) 端末",
            "  ①回線",
            "  第3条 方針",
            "  4 対策",
            "  5. 10 日以内に報告",
            "  ア 紙",
            "  範囲"
        ]
    );
}

#[test]
fn tables_are_read_row_by_row() {
    let page = "<table><tr><th>用語<th>意味<tr><td>(1) 端末<td>次のもの<p>ア 据置<p>イ 携帯<td>注</table>";
    assert_eq!(
        lines(page),
        ["用語\t意味", "(1) 端末\t次のもの", "ア 据置", "イ 携帯", "注"]
    );
}

#[test]
fn characters_are_unescaped_and_readings_dropped() {
    assert_eq!(
        lines("<p>A&amp;B &#x2460; <ruby>台帳<rp>(</rp><rt>だいちょう</rt><rp>)</rp></ruby>"),
        ["A&B ① 台帳"]
    );
    assert_eq!(lines("<pre>1 目的\n  本文</pre>"), ["1 目的", "  本文"]);
}

#[test]
fn misnested_tags_do_no_harm() {
    assert_eq!(
        lines("</ol></td><td>a</tr>b<li>c</main></p><ol><li><ol><li>d</div></ol></ol></ol>e"),
        ["a", "b", "c", "  1.", "    1. d", "e"]
    );
}

#[test]
fn a_tag_of_endless_attributes_is_refused() {
    let many: String = (0..2000).map(|n| format!(" a{n}")).collect();
    assert_eq!(text(&format!("<p{many}>x")).unwrap_err().code, "html-attributes");
    let quoted: String = (0..2000).map(|n| format!("a{n}=''")).collect();
    assert_eq!(text(&format!("<p {quoted}>x")).unwrap_err().code, "html-attributes");
    let code: String = (0..2000).map(|n| format!(" a{n}")).collect();
    assert_eq!(
        lines(&format!(
            "<p>x<script>if (a <b{code}</script><img src='data:{}'>",
            "/ ".repeat(5000)
        )),
        ["x"]
    );
}

#[test]
fn deep_nesting_is_read() {
    let deep = format!("{}x{}", "<div><ol><li>".repeat(20_000), "</div>".repeat(20_000));
    assert!(text(&deep).unwrap().ends_with('x'));
}
