//! The command line. Its help is the reference: `docs/generated/cli.md` is made of it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

/// 三門: 情報セキュリティ基本方針を動かす — runs the information-security policy of a municipality
#[derive(Debug, Parser)]
#[command(name = "sanmon", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// 表示の言語 — the language of messages
    #[arg(long, global = true, value_enum, default_value_t = Language::Ja)]
    pub(crate) lang: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// 日本語
    Ja,
    /// English
    En,
}

impl From<Language> for model::lang::Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Ja => Self::Ja,
            Language::En => Self::En,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 市のフォルダを調べ、条項ごとに状況を示す — judge a city folder, clause by clause
    ///
    /// 終了コード: 0 破れなし / 1 破れあり / 2 入力が使えない — exit: 0 nothing broken, 1 something broken, 2 input unusable
    Check(Check),
    /// 基本方針の文を読む — read the text of a policy
    #[command(subcommand)]
    Policy(Policy),
    /// 対策基準を調べる — look at the standard
    #[command(subcommand)]
    Standard(Standard),
    /// 台帳を扱う — work with registers
    #[command(subcommand)]
    Register(Register),
    /// 市をサービスとして動かす — run the city as a service
    Serve(Serve),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// 見本市を動かす(準備は要らない。終えると消える) — run the sample city, with no set-up; it is gone afterwards
    #[arg(long, conflicts_with_all = ["city", "database", "data"])]
    pub(crate) sample: bool,
    /// 市のフォルダ。データベースが空のとき読み込む — a city folder, loaded where the database is empty
    #[arg(long, value_name = "DIR")]
    pub(crate) city: Option<PathBuf>,
    /// 構成ファイル — the configuration file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// データを置くフォルダ — the folder of keys and data
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// データベース(sqlite か postgres://…) — the database
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// 待ち受けるアドレスとポート — address and port to listen on
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// 利用者から見たURL — the URL as people see it
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// 市のフォルダ(city.toml があるところ) — the city folder, with its city.toml
    pub(crate) dir: PathBuf,
    /// 別の方針の文を使う — judge this policy text instead of the city's own
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// この日で判断する(例 2026-11-23、R8.11.23) — judge as of this date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) at: Option<Date>,
    /// この条だけを示す(例 6.3.1) — show this clause only
    #[arg(long, value_name = "ID")]
    pub(crate) clause: Option<String>,
    /// 出力の形 — the format of the answer
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// この遵守事項がどう判断されたかを示す — tell how this duty was decided
    #[arg(long, value_name = "DUTY", conflicts_with_all = ["clause", "format"])]
    pub(crate) explain: Option<String>,
}

fn date(text: &str) -> Result<Date, String> {
    model::date::parse(text).ok_or_else(|| "日付ではない(例 2026-11-23、R8.11.23) — not a date".to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// 方針の文に印を付けたもの — the policy with marks, then findings
    Text,
    /// JSON
    Json,
    /// SARIF 2.1.0
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// 人が読む形 — for people
    Text,
    /// JSON
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// 条項の木にする — parse the text into its clauses
    Parse(OneFile),
    /// 条項と事項の対応を示す — show which concept each clause is about, and why
    Bind {
        #[command(flatten)]
        one: OneFile,
        /// この市の指定(city.toml の [bind])を使う — apply the corrections of this city folder
        #[arg(long, value_name = "DIR")]
        city: Option<PathBuf>,
    },
    /// 二つの版を条ごとに比べる — compare two versions, clause by clause
    Diff {
        /// 前の版 — the older text
        old: PathBuf,
        /// 新しい版 — the newer text
        new: PathBuf,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

#[derive(Debug, Args)]
pub(crate) struct OneFile {
    /// 方針の文(.txt .md .docx .html) — the text of the policy
    pub(crate) file: PathBuf,
    /// 出力の形 — the format of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Standard {
    /// 対策基準そのものを検査する — type-check every criterion and judge every test pair
    Check {
        /// 市のフォルダ(その市の追加・変更も含めて調べる) — a city folder whose own duties are checked too
        dir: Option<PathBuf>,
    },
    /// 市の対策基準が標準とどう違うかを示す — how a city departs from the shipped standard
    Diff {
        /// 市のフォルダ — the city folder
        dir: PathBuf,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Register {
    /// 台帳の一覧 — list the registers
    List,
    /// 記入用のxlsxを書き出す — write an xlsx to fill in
    Template {
        /// 台帳(例 terminal、端末) — the register, by its name or label
        kind: String,
        /// 書き出す先(なければ 台帳名.xlsx) — where to write; by default KIND.xlsx
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// この市の区分と追加項目を使う — use the words and fields of this city folder
        #[arg(long, value_name = "DIR")]
        city: Option<PathBuf>,
    },
    /// ファイルを台帳に取り込む — take a file into a register of a city folder
    Import {
        /// 市のフォルダ — the city folder
        dir: PathBuf,
        /// 取り込むファイル(.csv .xlsx) — the file to take in
        file: PathBuf,
        /// 何が変わるかだけを示し、書き込まない — only tell what would change
        #[arg(long)]
        dry_run: bool,
    },
}
