//! The command line. Its help is the reference: `docs/generated/cli.md` is made of it.

pub(crate) mod sanitize;
pub(crate) mod separation;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

pub(crate) use self::sanitize::{Question, Sanitize, Terms};
pub(crate) use self::separation::Separation;

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
    /// 通信経路の分割を、機器の設定から調べる — whether zones are kept apart, by the configurations of routers and firewalls
    #[command(subcommand)]
    Separation(Separation),
    /// ファイルを無害化する: 認めた要素だけで作り直す — build files anew from what is allowed
    ///
    /// 終了コード: 0 全て作り直した / 1 受け入れないものがある / 2 呼び出しが使えない — exit: 0 all rebuilt, 1 some refused, 2 unusable call
    Sanitize(Sanitize),
    /// 市をサービスとして動かす — run the city as a service
    Serve(Serve),
    /// 証跡を検証し、証拠を取り出す — verify the ledger, and take evidence out of it
    #[command(subcommand)]
    Ledger(Ledger),
    /// 市を一つのファイルに写す(動かしたままでよい) — copy the city into one file, while the service runs
    ///
    /// 鍵は --with-keys を付けたときだけ入る。鍵がないと、復元した市で認証の秘密を開けず、証跡に署名できない —
    /// keys go in with --with-keys only; without them a restored city can neither open sign-in secrets nor sign its ledger
    Backup(Backup),
    /// 写しから市を復元する(空の場所にだけ) — restore a city from a copy, into an empty place only
    Restore(Restore),
    /// データベースをこの版の形にする — bring the database to the layout of this version
    Migrate(Place),
    /// 権限の決まりを扱う — work with the rules of who may do what
    #[command(subcommand)]
    Access(Access),
    /// ほかの団体の証跡に立ち会う — be a witness of the ledgers of others
    #[command(subcommand)]
    Witness(Witness),
}

/// Where a city's installation is.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// 構成ファイル — the configuration file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// データを置くフォルダ — the folder of keys and data
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// データベース(sqlite か postgres://…) — the database
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// データベース全体を証跡と照らす — hold the whole database against the ledger
    ///
    /// 終了コード: 0 正しい / 1 違いがある / 2 調べられない — exit: 0 sound, 1 something differs, 2 cannot be looked at
    Verify {
        #[command(flatten)]
        place: Place,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// 記録が証跡にあることの証明(.tlog-proof)を作る — prove that an entry is in the ledger
    Prove {
        /// 記録の番号 — the number of the entry
        index: u64,
        /// 書き出す先(なければ画面) — where to write; by default the screen
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// 証明の対象となる記録も書き出す — write the entry itself too
        #[arg(long, value_name = "FILE")]
        entry: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// 選んだ項目だけを、証明を付けて開示する — disclose chosen fields of an entry, with the proof
    Disclose {
        /// 記録の番号 — the number of the entry
        index: u64,
        /// 開示する項目(何度でも) — a field to show; may be given again
        #[arg(long, value_name = "NAME", required = true)]
        field: Vec<String>,
        /// 書き出す先(なければ画面) — where to write; by default the screen
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// 証跡の全部を、保存用の一つのファイルにする — write the whole ledger into one file for the archive
    Export {
        /// 書き出す先(なければ ledger-FY年度.tar) — where to write; by default ledger-FYyear.tar
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// 受け取った証明、開示、保存ファイルの中身を、データベースなしで確かめる — check a proof, a disclosure or an unpacked export, without a database
    ///
    /// 終了コード: 0 証明された / 1 証明されない / 2 読めない — exit: 0 proved, 1 not proved, 2 unreadable
    Check(CheckEvidence),
}

#[derive(Debug, Args)]
pub(crate) struct CheckEvidence {
    /// 証明(.tlog-proof)、開示(.json)、又は保存ファイルを開いたフォルダの log — the evidence: a file, or the folder `log` of an export
    pub(crate) file: PathBuf,
    /// 証跡の検証鍵。別の経路で手に入れたもの(何度でも) — the ledger's verifier key, known from elsewhere; may be given again
    #[arg(long, value_name = "VKEY", required_unless_present = "policy")]
    pub(crate) vkey: Vec<String>,
    /// 検証方針のファイル(立会人も求めるとき) — a trust policy, to ask for witnesses too
    #[arg(long, value_name = "FILE", conflicts_with = "vkey")]
    pub(crate) policy: Option<PathBuf>,
    /// 証明(.tlog-proof)の対象となる記録 — the entry that a .tlog-proof is about
    #[arg(long, value_name = "FILE")]
    pub(crate) entry: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// 書き出す先 — where to write
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// 鍵も入れる(この写しを持つ者は、証跡に署名でき、秘密を開ける) — put the keys in: whoever has the file can sign the ledger and open secrets
    #[arg(long)]
    pub(crate) with_keys: bool,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// 写し — the copy
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Access {
    /// 決してあってはならないことを、どの許可も認めないと証明する — prove that no grant breaks a never-rule
    ///
    /// cvc5 が要る。終了コード: 0 全て証明 / 1 反例あり / 2 証明できないものがある — needs cvc5; exit: 0 all proved, 1 a counterexample, 2 something not proved
    Prove {
        /// 市の決まり(.cedar)も合わせて証明する — the city's own rules, proved with the shipped ones
        #[arg(value_name = "FILE")]
        rules: Vec<PathBuf>,
        /// ソルバー cvc5 の場所 — where the solver cvc5 is
        #[arg(long, value_name = "PROGRAM", default_value = "cvc5")]
        solver: PathBuf,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// 見本市を動かす(準備は要らない。終えると消える) — run the sample city, with no set-up; it is gone afterwards
    #[arg(long, conflicts_with_all = ["city", "database", "data"])]
    pub(crate) sample: bool,
    /// 市のフォルダ。データベースが空のとき読み込む — a city folder, loaded where the database is empty
    #[arg(long, value_name = "DIR")]
    pub(crate) city: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Place,
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

#[derive(Debug, Subcommand)]
pub(crate) enum Witness {
    /// チェックポイントに副署するサービスを動かす(TLSは手前のプロキシに任せる) — cosign checkpoints over HTTP; a proxy in front has TLS
    ///
    /// 初めに自分の検証鍵を示す。相手の団体に渡し、ledger.witnesses に書いてもらう — prints its verifier keys first: the cities that it watches put one of them into ledger.witnesses
    Serve(WitnessServe),
}

#[derive(Debug, Args)]
pub(crate) struct WitnessServe {
    /// 待ち受けるアドレスとポート — address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8081")]
    pub(crate) listen: SocketAddr,
    /// 鍵と記憶を置くフォルダ。古い写しに戻してはならない — the folder of its keys and memory, never to be replaced by an older copy
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// 立会人の名(例 mihon.example/witness) — the name of this witness
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// 立ち会う証跡の検証鍵(何度でも) — the verifier key of a ledger to watch; may be given again
    #[arg(long, value_name = "VKEY", required = true)]
    pub(crate) log: Vec<String>,
}
