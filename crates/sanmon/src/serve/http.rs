//! Listening, with TLS or behind a proxy that has it, until a signal asks to stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio::signal::unix::{SignalKind, signal};

use crate::configuration::Server;

/// Binds the address before anything is said to be ready.
///
/// # Errors
/// The address is in use or not one of this machine.
pub(super) fn bind(server: &Server) -> io::Result<TcpListener> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that listens")]
    let listener = TcpListener::bind(server.listen)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves until SIGTERM or SIGINT, then finishes the requests in hand.
///
/// # Errors
/// The certificate or its key cannot be read, or the listener fails.
pub(super) async fn serve(listener: TcpListener, server: &Server, router: Router) -> io::Result<()> {
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone(), Duration::from_secs(server.stop_seconds)));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    match (&server.tls_certificate, &server.tls_key) {
        (Some(certificate), Some(key)) => {
            let config = RustlsConfig::from_pem_file(certificate, key).await?;
            axum_server::from_tcp_rustls(listener, config)?
                .handle(handle)
                .serve(service)
                .await
        }
        _ => axum_server::from_tcp(listener)?.handle(handle).serve(service).await,
    }
}

async fn stop_on_signal(handle: Handle<SocketAddr>, patience: Duration) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be received; the service stops only when killed");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    handle.graceful_shutdown(Some(patience));
}
