//! `[mail]`: notices by mail.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::hall::notices::Wish;

use super::Fault;

/// お知らせのメール — notices by mail
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Mail {
    /// メールサーバーの名前。空ならメールを送らない — the mail server; empty sends no mail
    pub(crate) server: Option<String>,
    /// ポート — its port
    pub(crate) port: u16,
    /// 暗号化。`starttls`、`tls`、同じ機器のサーバーに限り `none` — `starttls`, `tls`, or `none` for a server on this machine
    pub(crate) encryption: Encryption,
    /// サーバーの証明書を発行した機関の証明書(PEM)。空ならOSが信頼する機関 — certificates of who signs the server's, in PEM; by default those that the operating system trusts
    pub(crate) authority: Option<PathBuf>,
    /// サーバーに示す利用者名 — the user name, where the server asks for one
    pub(crate) user: Option<String>,
    /// そのパスワードだけを書いたファイル — a file with its password and nothing else
    pub(crate) password_file: Option<PathBuf>,
    /// 差出人。`三門 <sanmon@city.example.lg.jp>` の形でも書ける — the sender
    pub(crate) from: String,
    /// 自分で選んでいない職員に送るとき。`at_once`(その都度)、`daily`(一日一回)、`none`(送らない) — when those get mail who chose nothing
    pub(crate) unless_chosen: When,
    /// 一日一回のメールを送る時刻(0から23時) — the hour of the daily letters
    pub(crate) daily_hour: i8,
}

/// 暗号化 — how the connection is encrypted
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Encryption {
    /// 接続してから暗号化する(587番)。できなければ送らない — after connecting (port 587); nothing is sent where it fails
    Starttls,
    /// 初めから暗号化する(465番) — from the first byte (port 465)
    Tls,
    /// 暗号化しない。同じ機器のサーバーだけ — not at all; for a server on this machine only
    None,
}

/// メールを送るとき — when mail is sent
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    /// その都度 — a letter for each notice
    AtOnce,
    /// 一日一回、未読をまとめて — one letter a day with what is unread
    Daily,
    /// 送らない — never
    None,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            server: None,
            port: 587,
            encryption: Encryption::Starttls,
            authority: None,
            user: None,
            password_file: None,
            from: String::new(),
            unless_chosen: When::Daily,
            daily_hour: 8,
        }
    }
}

impl From<When> for Wish {
    fn from(when: When) -> Self {
        match when {
            When::AtOnce => Self::AtOnce,
            When::Daily => Self::Daily,
            When::None => Self::None,
        }
    }
}

impl Mail {
    pub(super) fn fault(&self) -> Option<Fault> {
        let fault = |key: &str, ja: &str, en: &str| Some(Fault::new(format!("mail.{key}"), ja, en));
        let server = self.server.as_deref()?;
        if self.from.parse::<lettre::message::Mailbox>().is_err() {
            return fault(
                "from",
                "from には差出人のメールアドレスを書く",
                "from is the address that letters come from",
            );
        }
        let is_here = ["localhost", "127.0.0.1", "::1"].contains(&server);
        if self.encryption == Encryption::None && !is_here {
            return fault(
                "encryption",
                "暗号化しない接続は、同じ機器のメールサーバー(localhost)に限る",
                "a connection without encryption is only for a mail server on this machine (localhost)",
            );
        }
        if self.user.is_some() != self.password_file.is_some() {
            return fault(
                "user",
                "user と password_file は両方書く",
                "user and password_file go together",
            );
        }
        if !(0..24).contains(&self.daily_hour) {
            return fault(
                "daily_hour",
                "daily_hour は0から23までの数にする",
                "daily_hour is from 0 to 23",
            );
        }
        None
    }
}
