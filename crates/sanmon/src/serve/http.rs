//! Listening, with TLS or behind a proxy that has it, until a signal asks to stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::configuration::Server;

/// Binds the address before anything is said to be ready.
///
/// # Errors
/// The address is in use or not one of this machine.
pub(crate) fn bind(server: &Server) -> io::Result<TcpListener> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that listens")]
    let listener = TcpListener::bind(server.listen)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The signals that ask to stop. From when this is made they end nothing by themselves.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Waits for them from now on; within a runtime.
    ///
    /// # Errors
    /// The system does not deliver them.
    pub(crate) fn await_them() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }
}

/// Serves until one of `signals` comes, then finishes the requests in hand.
///
/// # Errors
/// The certificate or its key cannot be read, or the listener fails.
pub(crate) async fn serve(listener: TcpListener, server: &Server, signals: Signals, router: Router) -> io::Result<()> {
    let handle = Handle::new();
    let patience = Duration::from_secs(server.stop_seconds);
    tokio::spawn(stop_on_signal(handle.clone(), signals, patience));
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

async fn stop_on_signal(handle: Handle<SocketAddr>, mut signals: Signals, patience: Duration) {
    tokio::select! {
        _ = signals.terminate.recv() => {}
        _ = signals.interrupt.recv() => {}
    }
    tracing::info!("stopping");
    handle.graceful_shutdown(Some(patience));
}
