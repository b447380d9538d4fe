//! `sanmon sanitize …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Format;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Sanitize {
    #[command(subcommand)]
    pub(crate) question: Option<Question>,
    /// 無害化するファイルとフォルダ。`-` は標準入力 — the files and folders; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// 書き出すフォルダ。元のファイルは変えない。`-` だけのときは標準出力に出せる — where to; the originals stay as they are; `-` alone may go to standard output
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// 標準入力のファイルの名(拡張子が要る) — what standard input is called, with its extension
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// 結果の形。`json` は1ファイル1行 — the form of the receipts; `json` is a line a file
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) report: Format,
    /// 同時に扱うファイルの数(なければ処理装置の数) — files at once; by default as many as processors
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,
    #[command(flatten)]
    pub(crate) terms: Terms,
}

/// On which terms files cross.
#[derive(Debug, Args)]
pub(crate) struct Terms {
    /// 何を取り除き、何を受け入れないかの設定(TOML)。なければ厳しい既定 — what is dropped and refused; strict by default
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// 暗号化されたファイルに試すパスワード。1行に1つ — passwords to try, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Question {
    /// ファイルの部品の木と、それぞれがどうなるかを示す(何も書き出さない) — the parts of a file, and what would become of each; writes nothing
    Explain {
        /// ファイル — the file
        file: PathBuf,
        /// 出力の形 — the format of the answer
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[command(flatten)]
        terms: Terms,
    },
}
