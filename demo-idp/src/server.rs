//! Starting and stopping.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, serve::Listener};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};

use crate::{
    backchannel::Courier,
    controls::Controls,
    error::Error,
    keys::KeyRing,
    knobs::Knobs,
    options::Options,
    provider::{Provider, dispatch, lock},
    store::Store,
};

/// How long open requests may keep a provider from stopping.
const PATIENCE: Duration = Duration::from_secs(2);

/// A provider that answers until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    issuer: String,
    controls: Controls,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Running {
    /// The issuer identifier, without a path unless one was asked for.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The handle for tests.
    #[must_use]
    pub fn controls(&self) -> &Controls {
        &self.controls
    }

    /// Stops, and comes back when every open request has been answered, soon in any case.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        // A client that does not read its answer is not waited for.
        if timeout(PATIENCE, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Starts a provider that behaves like ZITADEL.
///
/// # Errors
/// When the listener is not on a loopback address, or no signing key can be made.
pub async fn start(options: Options) -> Result<Running, Error> {
    start_with(options, Knobs::default()).await
}

/// Starts a provider with these settings, such as a [`crate::profile`].
///
/// # Errors
/// When the listener is not on a loopback address, or no signing key can be made.
pub async fn start_with(options: Options, knobs: Knobs) -> Result<Running, Error> {
    let address = options.listener.local_addr().map_err(Error::Listener)?;
    if !address.ip().is_loopback() {
        return Err(Error::NotLoopback(address));
    }
    let keys = spawn_blocking(KeyRing::new)
        .await
        .map_err(|_| Error::Interrupted)??;
    let (listener, provider) = provider(options, knobs, keys, address)?;
    let provider = Arc::new(provider);
    let door = Door {
        listener,
        provider: Arc::clone(&provider),
    };
    let router = Router::new()
        .fallback(dispatch)
        .with_state(Arc::clone(&provider));
    let waiting = Arc::clone(&provider);
    let serve =
        axum::serve(door, router).with_graceful_shutdown(async move { waiting.stopped().await });
    let server = tokio::spawn(async move {
        if let Err(error) = serve.await {
            tracing::error!(%error, "demo identity provider ended");
        }
    });
    Ok(Running {
        issuer: provider.issuer.clone(),
        stop: provider.stop.clone(),
        controls: Controls::new(provider),
        server,
    })
}

fn provider(
    options: Options,
    knobs: Knobs,
    keys: KeyRing,
    address: SocketAddr,
) -> Result<(TcpListener, Provider), Error> {
    let base_path = options.base_path.trim_end_matches('/').to_owned();
    let root = format!("{}{base_path}", origin(address));
    let provider = Provider {
        issuer: format!("{root}{}", knobs.issuer_suffix),
        root,
        base_path,
        cookie_name: format!("demo_idp_session_{}", address.port()),
        project_id: options.project_id,
        demo_page: options.demo_page,
        clients: options.clients,
        clock: options.clock,
        courier: Courier::new()?,
        stop: watch::Sender::new(false),
        knobs: Mutex::new(knobs),
        people: Mutex::new(options.people),
        keys: Mutex::new(keys),
        store: Mutex::new(Store::default()),
        log: Mutex::new(VecDeque::new()),
    };
    Ok((options.listener, provider))
}

/// People read `localhost` more easily, and cookies and redirect URIs are registered for it.
fn origin(address: SocketAddr) -> String {
    if address.ip() == std::net::Ipv4Addr::LOCALHOST {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

/// The listener, which turns everybody away while the provider is offline.
struct Door {
    listener: TcpListener,
    provider: Arc<Provider>,
}

impl Listener for Door {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            let accepted = Listener::accept(&mut self.listener).await;
            if !lock(&self.provider.knobs).offline {
                return accepted;
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}
