//! `sanmon separation …`

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::{Format, ReportFormat, date};

#[derive(Debug, Subcommand)]
pub(crate) enum Separation {
    /// 領域の分割が守られているかを、機器の設定から調べる — is every separation kept, by the configurations of the devices
    ///
    /// 終了コード: 0 守られている / 1 指摘か未証明がある / 2 入力が使えない — exit: 0 kept, 1 findings or unproven, 2 input unusable
    Check {
        #[command(flatten)]
        network: NetworkOf,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
        format: ReportFormat,
    },
    /// 一つのパケットがどこを通り、どの行で決まるかを示す — where one packet goes, and which line decides
    ///
    /// 終了コード: 0 届かない / 1 届きうる / 2 入力が使えない — exit: 0 it does not arrive, 1 it may arrive, 2 input unusable
    Explain(Explain),
    /// 変更で通るようになるもの、通らなくなるものを示す — what a change lets pass, and what it stops
    ///
    /// 終了コード: 0 変わらない / 1 変わる / 2 入力が使えない — exit: 0 nothing changes, 1 something does, 2 input unusable
    Diff {
        #[command(flatten)]
        network: NetworkOf,
        /// 変更後の市のフォルダ — the city folder after the change
        #[arg(required_unless_present = "with", conflicts_with = "with")]
        new: Option<PathBuf>,
        /// 機器の設定をこのファイルに替える — put this file in the place of a device's configuration
        #[arg(long, value_name = "FILE:DEVICE")]
        with: Option<String>,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// 何も決めていない行を示す — lines that decide nothing
    Unreachable {
        #[command(flatten)]
        network: NetworkOf,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// どの領域からどの領域へ、何が通るかの表 — which services go from which zone to which
    Matrix {
        #[command(flatten)]
        network: NetworkOf,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// 領域と、その間を通るものを図と表にする — the zones and what passes between them, as a picture and a table
    Picture {
        #[command(flatten)]
        network: NetworkOf,
        /// 書き出すファイル。`.svg` なら図だけ、ほかは図と表のページ(HTML) — where to; `.svg` for the picture alone, else a page with the table too
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// 市が書いた試験を調べる — ask a city's own assertions
    PolicyTest {
        #[command(flatten)]
        network: NetworkOf,
        /// 試験のファイル(TOML) — the file of assertions
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// 特定通信だけを通す設定を作る — write a configuration that lets only permitted paths pass
    Render {
        #[command(flatten)]
        network: NetworkOf,
        /// 機器(network.toml の名) — the device, by its name in network.toml
        #[arg(long, value_name = "DEVICE")]
        device: String,
        /// 設定の書式 — the language
        #[arg(long, value_enum, default_value_t = RenderedIn::Nftables)]
        dialect: RenderedIn,
    },
    /// 本物のパケットを送り、答えが正しいことを確かめる(root が要る) — send real packets and hold the answer against them; needs root
    ///
    /// 終了コード: 0 全て一致 / 1 違いがある / 2 できない — exit: 0 all as predicted, 1 a difference, 2 cannot be done
    Prove {
        #[command(flatten)]
        network: NetworkOf,
        /// 機器(network.toml の名)。nftables の設定を持つもの — the device; its configuration is one of nftables
        #[arg(long, value_name = "DEVICE")]
        device: String,
        /// 送るパケットの数(規則の境目のほかに) — how many packets, beside the boundaries of the rules
        #[arg(long, value_name = "COUNT", default_value_t = 20_000)]
        packets: usize,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// 設定ファイルから秘密を除いたものを示す — a configuration without its secrets
    Redact {
        /// 設定ファイル — the configurations
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// 設定の書式(なければ中身から) — the language, found out by itself if it is not given
        #[arg(long, value_name = "NAME")]
        dialect: Option<String>,
    },
}

/// Whose network, and when.
#[derive(Debug, Args)]
pub(crate) struct NetworkOf {
    /// 市のフォルダ(network/network.toml があるところ) — the city folder, with its network/network.toml
    pub(crate) dir: PathBuf,
    /// この日で判断する(例 2026-11-23、R8.11.23) — judge as of this date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) at: Option<Date>,
    /// 三層の構成。city.toml のないフォルダで要る(alpha、alpha_prime、beta、beta_prime) — the model, for a folder without city.toml
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) network: NetworkOf,
    /// 送り出す領域(なければ送信元のアドレスから) — the zone that sends it; by default that of its source
    #[arg(long, value_name = "ZONE")]
    pub(crate) from: Option<String>,
    /// 送信元 — its source
    #[arg(long, value_name = "IP")]
    pub(crate) source: IpAddr,
    /// 宛先 — its destination
    #[arg(long, value_name = "IP")]
    pub(crate) destination: IpAddr,
    /// プロトコル(tcp、udp、icmp、番号) — tcp, udp, icmp, or a number
    #[arg(long, value_name = "PROTOCOL", default_value = "tcp")]
    pub(crate) protocol: String,
    /// 宛先のポート。ICMPではコード — the destination port; of ICMP the code
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,
    /// 送信元のポート。ICMPではタイプ — the source port; of ICMP the type
    #[arg(long, value_name = "N")]
    pub(crate) source_port: Option<u16>,
    /// 出力の形 — the format of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenderedIn {
    /// Linux の nftables
    Nftables,
    /// ヤマハ RTX の ip filter — lines of Yamaha RTX
    Yamaha,
    /// Cisco IOS の access-list — lists of Cisco IOS
    Ios,
}
