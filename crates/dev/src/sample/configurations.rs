//! `network/`: how the city's network is put together, and what its routers and firewalls say. Written by hand beside this file.
//!
//! The configurations are those of a city that keeps its zones apart, but for [`FAULTS`]: each says where it stands and which change of the
//! text takes it away, so that a test can show that its finding, and no other, goes with it.

#[cfg(test)]
mod tests;

/// Every file by path relative to `sample/`.
pub(crate) static FILES: &[(&str, &str)] = &[
    ("network/network.toml", include_str!("network/network.toml")),
    (CORE, include_str!("network/configs/core.rtx.txt")),
    (MYNUMBER, include_str!("network/configs/mynumber.ios.txt")),
    (GATE, include_str!("network/configs/gate.nft")),
    (
        "network/configs/gate.address",
        include_str!("network/configs/gate.address"),
    ),
    ("network/configs/gate.route", include_str!("network/configs/gate.route")),
    (EXIT, include_str!("network/configs/exit.fortigate.conf")),
];

const CORE: &str = "network/configs/core.rtx.txt";
const MYNUMBER: &str = "network/configs/mynumber.ios.txt";
const GATE: &str = "network/configs/gate.nft";
const EXIT: &str = "network/configs/exit.fortigate.conf";
const PATHS: &str = "registers/permitted_path.csv";

/// Something wrong in a configuration.
pub(crate) struct Fault {
    /// 見出し in `sample/README.md`.
    pub(crate) id: &'static str,
    /// The file in which it is shown.
    pub(crate) file: &'static str,
    /// Text of the line that is shown; it stands in the file once.
    pub(crate) at: &'static str,
    /// What takes the fault away: in which file, which text, by which other. Each stands in its file once.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "what tests need stands beside what they test")
    )]
    pub(crate) cure: &'static [(&'static str, &'static str, &'static str)],
    /// What happened, in Japanese and English.
    pub(crate) ja: &'static str,
    pub(crate) en: &'static str,
}

#[rustfmt::skip]
pub(crate) static FAULTS: &[Fault] = &[
    Fault {
        id: "N01", file: CORE, at: "ip filter 2190 pass",
        cure: &[(CORE, " 2190 2199", " 2199")],
        ja: "資産管理サーバから基幹業務の端末へ、特定通信にない通信が通る(仮に開けたまま)",
        en: "a path from the LGWAN tier into the MyNumber tier was opened for a trial and never approved",
    },
    Fault {
        id: "N02", file: GATE, at: "comment \"PP-15\"",
        cure: &[(PATHS, "2026-09-30,有効", "2027-03-31,有効")],
        ja: "期限を過ぎた特定通信PP-15が、まだ通る(台帳のB02と同じもの)",
        en: "a permitted path passes after its approval ended (the path of B02)",
    },
    Fault {
        id: "N03", file: EXIT, at: "edit 20",
        cure: &[(EXIT, "set subnet 10.30.4.0 255.255.255.0", "set subnet 10.30.4.10 255.255.255.255")],
        ja: "画面転送の宛先がセグメント全体で、承認されたサーバより広い",
        en: "screen transfer may go to a whole segment, not only to the server that was approved",
    },
    Fault {
        id: "N04", file: EXIT, at: "edit 90",
        cure: &[(EXIT, "set name \"mobile-update\"", "set name \"mobile-update\"\n        set status disable")],
        ja: "持出し用端末が、県セキュリティクラウドを通らず旧回線からインターネットに出られる",
        en: "terminals for outside work reach the Internet by an old line, past the security cloud",
    },
    Fault {
        id: "N05", file: GATE, at: "ip saddr @staff",
        cure: &[(GATE, "ip saddr @staff", "iifname \"lg0\" oifname \"in0\" ip saddr @staff")],
        ja: "入る口を確かめないので、運用管理系から業務端末のアドレスを名乗って通れる",
        en: "the rule does not look at the interface: management may pass with an address of the staff's terminals",
    },
    Fault {
        id: "N06", file: MYNUMBER, at: "ip access-group TO-CORE out",
        cure: &[(MYNUMBER, " ip access-group TO-CORE out\n", "")],
        ja: "定義のないアクセスリストを指定していて、この口は何も止めない",
        en: "an access list is bound that is defined nowhere: the interface stops nothing",
    },
    Fault {
        id: "N07", file: PATHS, at: "PP-04",
        cure: &[
            (CORE, " 2101 2102 2103 ", " 2101 2102 2103 2104 "),
            (CORE, "# 令和8年8月 資産管理", "ip filter 2104 pass 10.20.20.21 10.10.20.17 tcp * 443\n# 令和8年8月 資産管理"),
        ],
        ja: "台帳の特定通信PP-04を通す行が、どの機器にもない",
        en: "no device carries permitted path PP-04 of the register",
    },
    Fault {
        id: "N08", file: MYNUMBER, at: "deny tcp host 10.10.40.99",
        cure: &[(MYNUMBER, " 20 deny tcp host 10.10.40.99 host 192.0.2.10 eq 443 log\n", "")],
        ja: "退役したサーバを止める行が、先の許可に隠れて効かない",
        en: "a line that was to stop a retired server does nothing: an earlier one lets it pass",
    },
    Fault {
        id: "N09", file: MYNUMBER, at: "password 7 0102",
        cure: &[(MYNUMBER, " password 7 0102030405060708\n", "")],
        ja: "仮想端末のパスワードが、元に戻せる形(type 7)で書かれている",
        en: "a password stands in a form that anybody can undo (type 7)",
    },
];
