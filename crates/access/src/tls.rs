//! How this crate trusts the servers that it calls: the authorities of a file, or those of the operating system.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::elsewhere::Failure;

/// A TLS client that trusts the certificates of `authorities` (PEM) and nobody else; without it, whom the operating
/// system trusts.
pub(crate) fn client(authorities: Option<&[u8]>) -> Result<ClientConfig, Failure> {
    let roots = match authorities {
        Some(pem) => store(pem).ok_or(Failure::Settings)?,
        None => system().ok_or(Failure::Settings)?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder
        .with_safe_default_protocol_versions()
        .map_err(|_| Failure::Settings)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The authorities of a PEM file; `None` where it holds none, or something else.
pub(crate) fn store(pem: &[u8]) -> Option<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        roots.add(certificate.ok()?).ok()?;
    }
    (!roots.is_empty()).then_some(roots)
}

fn system() -> Option<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    (!roots.is_empty()).then_some(roots)
}
