//! `README.md` of the sample city, with the faults taken from [`planted`](super::planted) and [`configurations`](super::configurations).

use std::collections::BTreeMap;

use super::configurations::{FAULTS, Fault};
use super::planted::{COVERED, PLANTED, Planted};
use super::table::Tables;

/// `files` are the other files of the city, whose lines are counted.
pub(crate) fn readme(tables: &Tables, files: &BTreeMap<String, Vec<u8>>) -> String {
    let people = tables.rows("person").len();
    let amounts = [
        ("asset", "情報資産"),
        ("system", "情報システム"),
        ("terminal", "端末"),
        ("medium", "媒体"),
        ("contract", "契約"),
    ];
    let amounts: Vec<String> = amounts
        .iter()
        .map(|(slug, name)| format!("{name}{}", tables.rows(slug).len()))
        .collect();
    let broken: String = PLANTED.iter().map(|planted| line(tables, planted)).collect();
    let covered: String = COVERED.iter().map(|covered| line(tables, &covered.fault)).collect();
    let network: String = FAULTS.iter().map(|fault| network_line(files, fault)).collect();
    format!(
        r"# 見本市

人口およそ4万人の架空の市です。人名、事業者名、番地はすべて作りもので、実在のものとは関わりがありません。基準日は令和8年11月23日です。

- `city.toml` 市の名前、モデル、日数、役割や等級の呼び名
- `policy.txt` 情報セキュリティ基本方針
- `registers/*.csv` 台帳(職員等{people}人、{amounts}など)
- `network/network.toml` 領域、機器、機器のつながり
- `network/configs/*` ルータとファイアウォールの設定

すべて `cargo dev sample` が作ります。直すときは `crates/dev/src/sample/` を直します。

```
sanmon check sample --at 2026-11-23
sanmon separation check sample --at 2026-11-23
```

仕組み(無害化、見張りなど)が示す遵守事項は、その仕組みをつなぐまで「未証明」のままです。

## わざと破ってある遵守事項

次の行だけが破れています。ほかに破れが見つかれば、判定か台帳のどちらかが誤りです。行は見出しを1行目と数えます。

| 番号 | ファイル | 行 | 対象 | 遵守事項 | 何が起きているか |
|---|---|---|---|---|---|
{broken}
## 例外措置で覆ってある行

承認された例外措置があるので、期限までは「例外中」になります。

| 番号 | ファイル | 行 | 対象 | 遵守事項 | 何が起きているか |
|---|---|---|---|---|---|
{covered}
## 機器の設定に入れてある誤り

領域の分割(三層の分離)を破るもの、危ないもの、要らないものです。ほかに見つかれば、読み取りか判定のどちらかが誤りです。
すべて直すと、求められる分割がすべて証明されます。

| 番号 | ファイル | 行 | 何が起きているか |
|---|---|---|---|
{network}
機器の設定は、次のようにして取り出したものという想定です。設定にあるパスワードなどは、読み込むときに伏せられます。

- LGWAN接続ルータ(ヤマハ RTX) `show config`
- マイナンバー系ルータ(Cisco IOS XE) `show running-config`
- 出口ファイアウォール(FortiGate) 設定のバックアップ
- 領域間ファイアウォール(Linux) `nft list ruleset`、`ip address show scope global`、`ip route show table all`

---

# Mihon City

A fictional city of about 40,000 residents; every name and address is made up. The data stand as of 2026-11-23.
Everything here is written by `cargo dev sample` from `crates/dev/src/sample/`.
It keeps its policy but for the rows of the first table above, and nothing else may be found broken; lines count the
heading as line 1. The rows of the second table are covered by approved exceptions. What the engines of sanitising and of
watching prove stays unproven until they are connected.

| no. | duty | what is wrong |
|---|---|---|
{english}
`network/` holds the network and the configurations of its devices. They keep the tiers apart but for the lines of the third
table; with all of them put right, every separation that is demanded is proved.

| no. | what is wrong |
|---|---|
{english_network}",
        amounts = amounts.join("、"),
        english = super::planted::all()
            .map(|planted| format!("| {} | `{}` | {} |\n", planted.id, planted.duty, planted.en))
            .collect::<String>(),
        english_network = FAULTS
            .iter()
            .map(|fault| format!("| {} | {} |\n", fault.id, fault.en))
            .collect::<String>(),
    )
}

fn line(tables: &Tables, planted: &Planted) -> String {
    let at = tables.position(planted.register, planted.row);
    let at = at.map_or_else(|| "?".to_owned(), |index| index.saturating_add(2).to_string());
    let Planted {
        id,
        register,
        row,
        duty,
        ja,
        ..
    } = planted;
    format!("| {id} | `registers/{register}.csv` | {at} | {row} | `{duty}` | {ja} |\n")
}

fn network_line(files: &BTreeMap<String, Vec<u8>>, fault: &Fault) -> String {
    let text = files.get(fault.file).map(|bytes| String::from_utf8_lossy(bytes));
    let at = text.and_then(|text| text.lines().position(|line| line.contains(fault.at)));
    let at = at.map_or_else(|| "?".to_owned(), |index| index.saturating_add(1).to_string());
    format!("| {} | `{}` | {at} | {} |\n", fault.id, fault.file, fault.ja)
}
