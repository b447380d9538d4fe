//! `[[sign_in.provider]]` and `[sign_in.directory]`: who else may vouch for people.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use access::elsewhere::{Groups, MatchBy};
use access::{ldap, oidc};
use model::lang::Text;
use model::scheme::SchemeKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fault;

/// ほかの仕組みによるサインイン。だれであるかはそれが確かめ、職員であることと役割は台帳が決める — sign-in with other systems: they say who somebody is, the registers say who works here and in which role
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SignIn {
    /// 認証基盤(OpenID Connect)。サインインの画面に、一つずつボタンが出る — identity providers; each has a button on the sign-in page
    pub(crate) provider: Vec<Provider>,
    /// 庁内のディレクトリ(LDAP、Active Directory)。その利用者IDとパスワードでもサインインできる — a directory, whose login names and passwords will do as well
    pub(crate) directory: Option<Directory>,
}

/// 認証基盤(OpenID Connect) — an identity provider
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provider {
    /// 短い名(半角の小文字、数字、-)。戻り先のURLと利用者の記録に使うので、あとから変えない — a short word; it stands in the callback URL and in accounts, so it stays
    pub(crate) name: String,
    /// ボタンに出す名。「○○でサインインする」の○○ — what the button calls it
    pub(crate) label: String,
    /// 英語の画面に出す名(なければ label) — what English pages call it
    #[serde(default)]
    pub(crate) label_en: Option<String>,
    /// 発行者(issuer)のURL。認証基盤が示すとおりに書く — the issuer, exactly as the provider writes it
    pub(crate) issuer: String,
    /// 認証基盤に登録した、三門のID — who we are there
    pub(crate) client_id: String,
    /// クライアントシークレットを入れたファイル。値そのものは構成ファイルに書かない — file that holds the client secret
    #[serde(default)]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// 認証基盤の証明書を発行した機関の証明書(PEM)。なければOSが信じる機関 — certificates of who signs the provider's, in PEM; by default whom the system trusts
    #[serde(default)]
    pub(crate) authority: Option<PathBuf>,
    /// openid のほかに求めるスコープ — scopes besides `openid`
    #[serde(default = "usual_scopes")]
    pub(crate) scopes: Vec<String>,
    /// 職員と結び付けるクレーム(`employee_number`、`email` など)。一度結び付いたあとは sub で見分ける — the claim by which a person is found the first time; after that `sub` counts
    pub(crate) claim: String,
    /// そのクレームが何か — what that claim is
    #[serde(default)]
    pub(crate) known_by: KnownBy,
    /// email_verified がなくてもメールアドレスを信じる(認証基盤が自らアドレスを割り当てているときだけ) — believe mail addresses without `email_verified`, where the provider gives them out itself
    #[serde(default)]
    pub(crate) trusts_mail: bool,
    /// 二つの要素で確かめたことを表す amr か acr の値(`mfa` など) — values of `amr` or `acr` that stand for two factors
    #[serde(default)]
    pub(crate) two_factors: Vec<String>,
    /// 求める acr の値 — asked for as `acr_values`
    #[serde(default)]
    pub(crate) acr_values: Vec<String>,
    /// グループの一覧を示すクレーム — the claim that lists groups
    #[serde(default)]
    pub(crate) groups_claim: Option<String>,
    /// サインインを認めるグループ(なければ、職員であれば認める) — groups whose members alone may sign in this way
    #[serde(default)]
    pub(crate) only_groups: Vec<String>,
    /// グループと、それが表す役割。台帳の任命との違いを管理者に示すためのもので、権限にはならない — groups and the roles that they speak for; shown to administrators against the register, and no right by themselves
    #[serde(default)]
    pub(crate) groups: BTreeMap<String, BTreeSet<String>>,
}

/// 庁内のディレクトリ(LDAP、Active Directory) — a directory
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Directory {
    /// 短い名。利用者の記録に使うので、あとから変えない — a short word; it stands in accounts, so it stays
    #[serde(default = "usual_name")]
    pub(crate) name: String,
    /// 画面に出す名。「○○の利用者IDとパスワードでもサインインできます」の○○ — what pages call it
    #[serde(default = "usual_label")]
    pub(crate) label: String,
    /// 英語の画面に出す名(なければ label) — what English pages call it
    #[serde(default)]
    pub(crate) label_en: Option<String>,
    /// `ldaps://ad.example.lg.jp` か `ldap://ad.example.lg.jp` — its URL
    pub(crate) url: String,
    /// ldap:// のとき、StartTLSで暗号化する。しないことができるのは、この機器のディレクトリだけ — StartTLS on ldap://; without it only a directory on this machine
    #[serde(default = "yes")]
    pub(crate) start_tls: bool,
    /// ディレクトリの証明書を発行した機関の証明書(PEM)。なければOSが信じる機関 — certificates of who signs the directory's, in PEM; by default whom the system trusts
    #[serde(default)]
    pub(crate) authority: Option<PathBuf>,
    /// 職員のDNの形。`uid={login},ou=people,dc=example`。検索せずに決まるときに書く — the name of a person's entry with `{login}` in it, where it needs no search
    #[serde(default)]
    pub(crate) dn: Option<String>,
    /// 検索に使うDN(なければ匿名で検索する) — who searches; by default nobody in particular
    #[serde(default)]
    pub(crate) bind: Option<String>,
    /// 検索に使うDNのパスワードを入れたファイル — file that holds the password of who searches
    #[serde(default)]
    pub(crate) password_file: Option<PathBuf>,
    /// どこから下を検索するか — below what to search
    #[serde(default)]
    pub(crate) base: Option<String>,
    /// 職員を見つける条件。`(&(objectClass=user)(sAMAccountName={login}))` — by what a person is found
    #[serde(default)]
    pub(crate) filter: Option<String>,
    /// 職員と結び付ける属性(`employeeNumber`、`mail` など) — the attribute by which a person is found here the first time
    pub(crate) person: String,
    /// その属性が何か — what that attribute is
    #[serde(default)]
    pub(crate) known_by: KnownBy,
    /// 変わることのない属性(`entryUUID` など)。なければDN — an attribute that never changes; by default the entry's name
    #[serde(default)]
    pub(crate) subject: Option<String>,
    /// 職員のグループを示す属性(`memberOf`) — the attribute that lists a person's groups
    #[serde(default)]
    pub(crate) groups_attribute: Option<String>,
    /// 人を挙げているグループを、どこから下で検索するか — below what to search for groups that name their members
    #[serde(default)]
    pub(crate) group_base: Option<String>,
    /// そのグループを見つける条件。`(member={dn})` — by what such groups are found
    #[serde(default)]
    pub(crate) group_filter: Option<String>,
    /// サインインを認めるグループのDN(なければ、職員であれば認める) — groups whose members alone may sign in this way
    #[serde(default)]
    pub(crate) only_groups: Vec<String>,
    /// グループのDNと、それが表す役割。権限にはならない — groups and the roles that they speak for; no right by themselves
    #[serde(default)]
    pub(crate) groups: BTreeMap<String, BTreeSet<String>>,
    /// 一つの答えを待つ秒数 — seconds to wait for one answer
    #[serde(default = "five")]
    pub(crate) timeout_seconds: u16,
}

/// 職員と結び付ける値の種類 — what a person is known by
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KnownBy {
    /// 職員番号 — the person's code
    #[default]
    Number,
    /// 台帳のメールアドレス — the mail address in the register
    Mail,
    /// 三門の利用者ID — the login name here
    Login,
}

impl SignIn {
    pub(super) fn fault(&self) -> Option<Fault> {
        let mut names = BTreeSet::new();
        let providers = self.provider.iter().enumerate().find_map(|(at, provider)| {
            let path = format!("sign_in.provider.{at}");
            if names.insert(&provider.name) {
                provider.fault(&path)
            } else {
                let (ja, en) = ("同じ name の認証基盤がある", "another provider has this name");
                Some(Fault::new(format!("{path}.name"), ja, en))
            }
        });
        providers.or_else(|| self.directory.as_ref()?.fault("sign_in.directory", &names))
    }
}

impl Provider {
    fn fault(&self, path: &str) -> Option<Fault> {
        let fault = |key: &str, ja: &str, en: &str| Some(Fault::new(format!("{path}.{key}"), ja, en));
        if !is_word(&self.name) {
            return fault("name", NAME.0, NAME.1);
        }
        let local = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
        if !self.issuer.starts_with("https://") && !local.iter().any(|local| self.issuer.starts_with(local)) {
            return fault(
                "issuer",
                "issuer は https:// で始める(この機器の認証基盤だけ http://localhost)",
                "issuer begins with https:// (http://localhost only for a provider on this machine)",
            );
        }
        for (key, value) in [
            ("label", &self.label),
            ("client_id", &self.client_id),
            ("claim", &self.claim),
        ] {
            if value.trim().is_empty() {
                return fault(key, "空にできない", "this cannot be empty");
            }
        }
        let uses_groups = !self.groups.is_empty() || !self.only_groups.is_empty();
        if uses_groups && self.groups_claim.is_none() {
            return fault(
                "groups_claim",
                "グループを使うときは、groups_claim にクレームの名を書く",
                "groups_claim names the claim that lists groups",
            );
        }
        unknown_role(path, &self.groups)
    }

    /// As the client takes it.
    pub(crate) fn settings(&self) -> oidc::Settings {
        oidc::Settings {
            name: self.name.clone(),
            label: label(&self.label, self.label_en.as_ref()),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            scopes: self.scopes.clone(),
            claim: self.claim.clone(),
            known_by: self.known_by.into(),
            trusts_mail: self.trusts_mail,
            two_factors: self.two_factors.clone(),
            acr_values: self.acr_values.clone(),
            groups_claim: self.groups_claim.clone(),
            groups: groups(&self.groups),
            only_groups: self.only_groups.clone(),
        }
    }
}

impl Directory {
    fn fault(&self, path: &str, taken: &BTreeSet<&String>) -> Option<Fault> {
        let fault = |key: &str, ja: &str, en: &str| Some(Fault::new(format!("{path}.{key}"), ja, en));
        if !is_word(&self.name) || taken.contains(&self.name) {
            return fault("name", NAME.0, NAME.1);
        }
        if !self.url.starts_with("ldaps://") && !self.url.starts_with("ldap://") {
            return fault(
                "url",
                "url は ldaps:// か ldap:// で始める",
                "url begins with ldaps:// or ldap://",
            );
        }
        let holds = |text: Option<&String>, place: &str| text.is_some_and(|text| text.contains(place));
        let searches = self.base.is_some() && holds(self.filter.as_ref(), "{login}");
        let names = holds(self.dn.as_ref(), "{login}");
        if self.dn.is_some() && (self.base.is_some() || self.filter.is_some() || self.bind.is_some()) {
            return fault(
                "dn",
                "dn を書くときは、base、filter、bind を書かない",
                "dn stands without base, filter and bind",
            );
        }
        if !names && !searches {
            let key = if self.dn.is_some() { "dn" } else { "filter" };
            return fault(
                key,
                "base と、{login} を含む filter を書く。検索しないときは、{login} を含む dn を書く",
                "give base and a filter with {login} in it, or a dn with {login} in it",
            );
        }
        if self.bind.is_some() != self.password_file.is_some() {
            return fault(
                "bind",
                "bind と password_file は両方書く",
                "bind and password_file go together",
            );
        }
        if self.group_base.is_some() != self.group_filter.is_some()
            || (self.group_filter.is_some() && !holds(self.group_filter.as_ref(), "{dn}"))
        {
            return fault(
                "group_filter",
                "group_base と、{dn} を含む group_filter を両方書く",
                "group_base goes with a group_filter that has {dn} in it",
            );
        }
        let uses_groups = !self.groups.is_empty() || !self.only_groups.is_empty();
        if uses_groups && self.groups_attribute.is_none() && self.group_filter.is_none() {
            return fault(
                "groups_attribute",
                "グループを使うときは、groups_attribute か group_base と group_filter を書く",
                "groups need groups_attribute, or group_base and group_filter",
            );
        }
        if !(1..=60).contains(&self.timeout_seconds) {
            return fault("timeout_seconds", "1から60までの秒数を書く", "1 to 60 seconds");
        }
        unknown_role(path, &self.groups)
    }

    /// As the client takes it.
    pub(crate) fn settings(&self) -> ldap::Settings {
        ldap::Settings {
            name: self.name.clone(),
            label: label(&self.label, self.label_en.as_ref()),
            url: self.url.clone(),
            encryption: match (self.url.starts_with("ldaps://"), self.start_tls) {
                (true, _) => ldap::Encryption::Ldaps,
                (false, true) => ldap::Encryption::StartTls,
                (false, false) => ldap::Encryption::None,
            },
            find: match &self.dn {
                Some(dn) => ldap::Find::Template { dn: dn.clone() },
                None => ldap::Find::Search {
                    bind: self.bind.clone(),
                    base: self.base.clone().unwrap_or_default(),
                    filter: self.filter.clone().unwrap_or_default(),
                },
            },
            attributes: ldap::Attributes {
                person: self.person.clone(),
                subject: self.subject.clone(),
                groups: self.groups_attribute.clone(),
            },
            known_by: self.known_by.into(),
            group_search: self.group_base.clone().map(|base| ldap::GroupSearch {
                base,
                filter: self.group_filter.clone().unwrap_or_default(),
            }),
            groups: groups(&self.groups),
            only_groups: self.only_groups.clone(),
            timeout_seconds: self.timeout_seconds,
        }
    }
}

impl From<KnownBy> for MatchBy {
    fn from(known_by: KnownBy) -> Self {
        match known_by {
            KnownBy::Number => Self::Number,
            KnownBy::Mail => Self::Mail,
            KnownBy::Login => Self::Login,
        }
    }
}

const NAME: (&str, &str) = (
    "name は半角の小文字、数字、- で40文字まで。ほかと同じ名は使えない",
    "name consists of lower-case letters, digits and hyphens, at most 40, and differs from the others",
);

fn is_word(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&name.len()) && name.bytes().all(plain)
}

fn unknown_role(path: &str, groups: &BTreeMap<String, BTreeSet<String>>) -> Option<Fault> {
    let mut roles = groups.values().flatten();
    let unknown = roles.find(|role| SchemeKind::Role.national(role).is_none())?;
    let known: Vec<&str> = SchemeKind::Role
        .nationals()
        .iter()
        .map(|national| national.code)
        .collect();
    let known = known.join(", ");
    Some(Fault::new(
        format!("{path}.groups"),
        format!("「{unknown}」という役割はない。書けるもの: {known}"),
        format!("there is no role `{unknown}`; known are {known}"),
    ))
}

fn label(ja: &str, en: Option<&String>) -> Text {
    Text::new(ja.to_owned(), en.map_or(ja, String::as_str).to_owned())
}

fn groups(groups: &BTreeMap<String, BTreeSet<String>>) -> Groups {
    groups
        .iter()
        .map(|(group, roles)| (group.clone(), roles.clone()))
        .collect()
}

fn usual_scopes() -> Vec<String> {
    vec!["profile".to_owned(), "email".to_owned()]
}

fn usual_name() -> String {
    "directory".to_owned()
}

fn usual_label() -> String {
    "庁内のディレクトリ".to_owned()
}

const fn yes() -> bool {
    true
}

const fn five() -> u16 {
    5
}

#[cfg(test)]
mod tests;
