//! Who else may vouch for people, made of the configuration and the files that it names.

use std::fs;
use std::path::Path;

use access::elsewhere::Failure;
use access::ldap::Directory;
use access::oidc::Provider;
use model::lang::Text;
use service::hall::entrance::elsewhere::Elsewhere;

use super::Stopped;
use crate::configuration::{self, Configuration};

/// Secrets are short: something longer is another file.
const LONGEST: usize = 4096;

/// Reads the secrets and the authorities. Nobody is asked yet, so that the service starts while a provider is down.
///
/// # Errors
/// A file that cannot be read, is empty, or holds no certificates.
pub(super) fn elsewhere(configuration: &Configuration) -> Result<Elsewhere, Stopped> {
    let sign_in = &configuration.sign_in;
    let url = configuration.server.url.as_str();
    let providers = sign_in.provider.iter().map(|settings| provider(settings, url));
    Ok(Elsewhere {
        providers: providers.collect::<Result<_, _>>()?,
        directory: sign_in.directory.as_ref().map(directory).transpose()?,
    })
}

fn provider(settings: &configuration::Provider, url: &str) -> Result<Provider, Stopped> {
    let secret = settings.client_secret_file.as_deref().map(secret).transpose()?;
    let authorities = settings.authority.as_deref().map(bytes).transpose()?;
    let redirect = format!("{url}{}", web::href::callback(&settings.name));
    Provider::new(settings.settings(), secret.map(Into::into), redirect, authorities).map_err(|failure| {
        unusable(
            "sign_in.provider",
            &settings.name,
            settings.authority.as_deref(),
            failure,
        )
    })
}

fn directory(settings: &configuration::Directory) -> Result<Directory, Stopped> {
    let password = settings.password_file.as_deref().map(secret).transpose()?;
    let authorities = settings.authority.as_deref().map(bytes).transpose()?;
    Directory::new(settings.settings(), password.map(Into::into), authorities.as_deref()).map_err(|failure| {
        unusable(
            "sign_in.directory",
            &settings.url,
            settings.authority.as_deref(),
            failure,
        )
    })
}

/// A secret, without the line end that editors leave.
fn secret(path: &Path) -> Result<String, Stopped> {
    let shown = path.display();
    let text = String::from_utf8(bytes(path)?).unwrap_or_default();
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() || secret.len() > LONGEST {
        return Err(Stopped::Told(Text::new(
            format!("{shown} に秘密の値がない(空か、文字でないか、長すぎる)"),
            format!("{shown} holds no secret: it is empty, no text, or too long"),
        )));
    }
    Ok(secret.to_owned())
}

fn bytes(path: &Path) -> Result<Vec<u8>, Stopped> {
    let shown = path.display();
    fs::read(path).map_err(|error| {
        Stopped::Told(Text::new(
            format!("{shown} を読めない: {error}"),
            format!("{shown} cannot be read: {error}"),
        ))
    })
}

fn unusable(table: &str, which: &str, authority: Option<&Path>, failure: Failure) -> Stopped {
    let (ja, en) = match authority {
        Some(path) => (
            format!("{} に証明書(PEM)がない", path.display()),
            format!("{} holds no certificates in PEM", path.display()),
        ),
        None => (
            "暗号化しない接続はこの機器のディレクトリだけ。証明書を発行した機関を authority に書く必要があるかもしれない".to_owned(),
            "only a directory on this machine goes without TLS; it may also be that authority has to name who signs the certificate".to_owned(),
        ),
    };
    Stopped::Told(Text::new(
        format!("{table}({which})を使えない: {ja}"),
        format!("{table} ({which}) cannot be used: {failure}; {en}"),
    ))
}
