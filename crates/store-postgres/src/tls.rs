//! Encrypted connections.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use store::Failure;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Encrypts with a server whose certificate one of those in `file` (PEM) signed.
pub(crate) fn trusting(file: &Path) -> Result<MakeRustlsConnect, Failure> {
    let unread = |error: &dyn std::fmt::Display| Failure::File(format!("the certificates of the database: {error}"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unread(&error))? {
        let certificate = certificate.map_err(|error| unread(&error))?;
        roots.add(certificate).map_err(|error| unread(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unread(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
