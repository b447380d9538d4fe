//! The configuration of `sanmon serve`: one TOML file, every key of which has a default.
//!
//! `docs/generated/configuration.md` is made of these types.

mod backup;
mod mail;
mod sign_in;

use std::net::SocketAddr;
use std::path::PathBuf;

use access::source::Proxies;
use model::lang::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

pub(crate) use self::backup::Backup;
pub(crate) use self::mail::{Encryption, Mail};
pub(crate) use self::sign_in::{Directory, Provider, SignIn};

/// 構成ファイル — the configuration file
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Configuration {
    pub(crate) server: Server,
    pub(crate) sign_in: SignIn,
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    pub(crate) mail: Mail,
    pub(crate) backup: Backup,
    pub(crate) log: Log,
}

/// 待受け — where the service listens
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Server {
    /// 待ち受けるアドレスとポート — address and port to listen on
    pub(crate) listen: SocketAddr,
    /// 利用者から見たURL。パスキーとOIDCはこれに結び付く。https:// とホスト名だけを書く(443でないときはポートも) — the URL as people see it, scheme and host only; passkeys and OIDC are bound to it
    pub(crate) url: String,
    /// 証明書(PEM)。空ならTLSなし(手前のプロキシに任せる) — certificate chain in PEM; empty for no TLS (a proxy in front has it)
    pub(crate) tls_certificate: Option<PathBuf>,
    /// 証明書の秘密鍵(PEM) — private key in PEM
    pub(crate) tls_key: Option<PathBuf>,
    /// 手前のプロキシのアドレス(`10.1.0.5` や `10.1.0.0/24`)。ここに書いたものからの要求だけ、Forwarded か X-Forwarded-For にある利用者のアドレスを使う — addresses and prefixes of proxies in front; only from them the client's address is taken from Forwarded or X-Forwarded-For
    pub(crate) trusted_proxies: Vec<String>,
    /// 終了するとき、処理中の要求を待つ秒数 — seconds to wait for requests in hand when stopping
    pub(crate) stop_seconds: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            url: "http://localhost:8080".to_owned(),
            tls_certificate: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
            stop_seconds: 20,
        }
    }
}

/// 保管 — where things are kept
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Store {
    /// 鍵、チェックポイント、添付ファイルを置くフォルダ。データベースとは別の機器に写しを置く — folder of keys, checkpoints and attached files
    pub(crate) folder: PathBuf,
    /// データベース。`sqlite`(フォルダの中の sanmon.db)か `postgres://…` — `sqlite` (sanmon.db in the folder) or `postgres://…`
    pub(crate) database: String,
    /// PostgreSQLへの接続の数 — connections to PostgreSQL
    pub(crate) connections: usize,
    /// PostgreSQLの証明書を発行した機関の証明書(PEM)。あれば通信を暗号化し、相手を確かめる — certificates of who signs PostgreSQL's, in PEM; with it the connection is encrypted and the server checked
    pub(crate) authority: Option<PathBuf>,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("sanmon-data"),
            database: "sqlite".to_owned(),
            connections: 8,
            authority: None,
        }
    }
}

/// 証跡 — the ledger
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Ledger {
    /// 証跡の名(空ならURLから作る。一度署名したあとは変わらない)。立ち会う側が見分けるのに使う — the ledger's origin; by default made of the URL; it stays once something was signed
    pub(crate) origin: Option<String>,
    /// 証跡のチェックポイントとタイルを /log で、サインインなしで公開する(記録は個人情報を含まない) — serve checkpoint and tiles under /log without a sign-in; entries hold no personal data
    pub(crate) public: bool,
    /// 立会人。チェックポイントに副署するほかの団体 — witnesses, who cosign checkpoints
    pub(crate) witnesses: Vec<Witness>,
}

/// 立会人 — a witness
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Witness {
    /// 立会人のURL — its URL
    pub(crate) url: String,
    /// 立会人の検証鍵(vkey) — its verifier key
    pub(crate) vkey: String,
}

/// 動作の記録 — the service's own log
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    /// 書式 — the format
    pub(crate) format: LogFormat,
    /// 詳しさ(error、warn、info、debug) — how much is told
    pub(crate) level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info".to_owned(),
        }
    }
}

/// 記録の書式 — how the log is written
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// 人が読む形 — for people
    Text,
    /// 一行に一つのJSON — one JSON object a line
    Json,
}

/// What is wrong with a configuration file, with its place.
#[derive(Debug)]
pub(crate) struct Misread {
    pub(crate) message: Text,
    /// The line, from 1.
    pub(crate) at: Option<usize>,
}

/// Parts that do not fit together.
#[derive(Debug)]
struct Fault {
    /// The key at fault: `sign_in.provider.0.issuer`.
    path: String,
    message: Text,
}

impl Fault {
    fn new(path: impl Into<String>, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: Text::new(ja.into(), en.into()),
        }
    }
}

impl Configuration {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// A key that is not known, a value that does not fit.
    pub(crate) fn read(text: &str) -> Result<Self, Misread> {
        let read: Self = toml::from_str(text).map_err(|error| Misread {
            message: Text::new(
                format!("構成ファイルを読めない: {}", error.message()),
                error.message().to_owned(),
            ),
            at: error.span().map(|span| line_of(text, span.start)),
        })?;
        match read.fault() {
            Some(fault) => Err(Misread {
                at: line_of_path(text, &fault.path),
                message: fault.message,
            }),
            None => Ok(read),
        }
    }

    /// The configuration, if its parts fit together.
    ///
    /// # Errors
    /// What does not.
    pub(crate) fn checked(self) -> Result<Self, Misread> {
        match self.fault() {
            Some(Fault { message, .. }) => Err(Misread { message, at: None }),
            None => Ok(self),
        }
    }

    fn fault(&self) -> Option<Fault> {
        self.server
            .fault()
            .or_else(|| self.sign_in.fault())
            .or_else(|| self.mail.fault())
            .or_else(|| self.backup.fault())
    }
}

impl Server {
    fn fault(&self) -> Option<Fault> {
        let fault = |key: &str, ja: &str, en: &str| Some(Fault::new(format!("server.{key}"), ja, en));
        if self.tls_certificate.is_some() != self.tls_key.is_some() {
            return fault(
                "tls_certificate",
                "tls_certificate と tls_key は両方書く",
                "tls_certificate and tls_key go together",
            );
        }
        let (https, local) = (
            self.url.strip_prefix("https://"),
            self.url.strip_prefix("http://localhost"),
        );
        let Some(host) = https.or(local) else {
            return fault(
                "url",
                "url は https:// で始める(試すときだけ http://localhost)",
                "url begins with https:// (http://localhost only to try)",
            );
        };
        // What browsers send as `Origin`, to the letter: forms of any other are refused.
        let is_origin = !host.contains(['/', '?', '#', '@']) && !host.chars().any(char::is_uppercase);
        if !is_origin || (https.is_some() && host.ends_with(":443")) {
            return fault(
                "url",
                "url には https:// と小文字のホスト名だけを書く(末尾の / と、443のポートは書かない)",
                "url is scheme and host in lower case, without a path or a final slash, and without the port 443",
            );
        }
        let proxies = self.trusted_proxies.iter().enumerate();
        let mut wrong = proxies.filter(|(_, proxy)| Proxies::parse([proxy.as_str()]).is_err());
        wrong.next().map(|(at, proxy)| {
            Fault::new(
                format!("server.trusted_proxies.{at}"),
                format!("「{proxy}」はアドレスでも、アドレスの範囲(10.1.0.0/24 など)でもない。すべてのアドレスを信じることはできない"),
                format!("`{proxy}` is not an address or a prefix such as 10.1.0.0/24; nobody believes all addresses"),
            )
        })
    }

    /// The proxies that are believed; [`Server::fault`] has looked at them.
    pub(crate) fn proxies(&self) -> Proxies {
        Proxies::parse(self.trusted_proxies.iter().map(String::as_str)).unwrap_or_default()
    }
}

/// The line of the key at a path; where it is missing, of the nearest table around it that is there.
fn line_of_path(text: &str, path: &str) -> Option<usize> {
    let root = DeTable::parse(text).ok()?;
    let mut steps = path.split('.');
    let mut value = root.get_ref().get(steps.next()?)?;
    let mut line = line_of(text, value.span().start);
    for step in steps {
        let next = match value.get_ref() {
            DeValue::Table(table) => table.get(step),
            DeValue::Array(array) => step.parse().ok().and_then(|at: usize| array.get(at)),
            _ => None,
        };
        let Some(next) = next else { break };
        value = next;
        line = line_of(text, value.span().start);
    }
    Some(line)
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_a_configuration() {
        let read = Configuration::read("").unwrap();
        assert_eq!(read.server.listen.port(), 8080);
        assert_eq!(read.store.database, "sqlite");
    }

    #[test]
    fn an_unknown_key_is_refused_at_its_place() {
        let misread = Configuration::read("[server]\ncolour = 1\n").unwrap_err();
        assert!(misread.message.en.contains("colour") && misread.at == Some(2));
    }

    #[test]
    fn a_plain_url_is_refused_but_for_localhost() {
        assert!(Configuration::read("[server]\nurl = \"http://sanmon.example.lg.jp\"\n").is_err());
        assert!(Configuration::read("[server]\nurl = \"https://sanmon.example.lg.jp\"\n").is_ok());
    }

    #[test]
    fn a_url_that_no_browser_sends_as_origin_is_refused_at_its_place() {
        for url in [
            "https://sanmon.example.lg.jp/",
            "https://sanmon.example.lg.jp:443",
            "https://Sanmon.example.lg.jp",
            "https://a@sanmon.example.lg.jp",
            "http://localhost:8080/x",
        ] {
            let misread = Configuration::read(&format!("[server]\nstop_seconds = 1\nurl = \"{url}\"\n")).unwrap_err();
            assert_eq!(misread.at, Some(3), "{url}");
        }
        assert!(Configuration::read("[server]\nurl = \"https://sanmon.example.lg.jp:8443\"\n").is_ok());
    }

    #[test]
    fn proxies_are_addresses_and_never_all_of_them() {
        let read = Configuration::read("[server]\ntrusted_proxies = [\n\"10.0.0.1\",\n\"0.0.0.0/0\"]\n");
        let misread = read.unwrap_err();
        assert!(
            misread.message.en.contains("0.0.0.0/0") && misread.at == Some(4),
            "{misread:?}"
        );
    }

    #[test]
    fn a_certificate_needs_its_key() {
        assert!(Configuration::read("[server]\ntls_certificate = \"a.pem\"\n").is_err());
    }
}
