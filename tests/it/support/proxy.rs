//! A TCP proxy: in front of several instances, each connection goes to the next one that listens;
//! in front of the database, it is the network that can be cut or hang.

use std::{net::SocketAddr, path::PathBuf, pin::pin, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncWrite, copy_bidirectional},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
};

/// What is behind the proxy.
#[derive(Clone, Debug)]
pub enum Backend {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// How the network is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Network {
    /// It works.
    Up,
    /// Connections are gone and new ones end at once.
    Cut,
    /// Nothing comes through, and nobody is told.
    Hung,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// The proxy; it ends when this is dropped.
pub struct Proxy {
    pub address: SocketAddr,
    network: watch::Sender<Network>,
}

impl Proxy {
    pub async fn before(backends: Vec<Backend>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (network, state) = watch::channel(Network::Up);
        tokio::spawn(serve(listener, backends.into(), state));
        Self { address, network }
    }

    pub fn set(&self, network: Network) {
        self.network.send_replace(network);
    }
}

async fn serve(listener: TcpListener, backends: Arc<[Backend]>, state: watch::Receiver<Network>) {
    let mut over = state.clone();
    for turn in 0.. {
        let client = tokio::select! {
            accepted = listener.accept() => accepted.expect("a connection").0,
            () = closed(&mut over) => return,
        };
        let (backends, state) = (Arc::clone(&backends), state.clone());
        tokio::spawn(async move {
            if let Some(backend) = connect(&backends, turn).await {
                forward(client, backend, state).await;
            }
        });
    }
}

/// Returns when the proxy is dropped.
async fn closed(state: &mut watch::Receiver<Network>) {
    while state.changed().await.is_ok() {}
}

/// The first that answers, from this one on.
async fn connect(backends: &[Backend], turn: usize) -> Option<Box<dyn Stream>> {
    for offset in 0..backends.len() {
        let connected: std::io::Result<Box<dyn Stream>> =
            match &backends[(turn + offset) % backends.len()] {
                Backend::Tcp(address) => TcpStream::connect(address).await.map(boxed),
                Backend::Unix(path) => UnixStream::connect(path).await.map(boxed),
            };
        if let Ok(stream) = connected {
            return Some(stream);
        }
    }
    None
}

fn boxed<S: Stream + 'static>(stream: S) -> Box<dyn Stream> {
    Box::new(stream)
}

async fn forward(
    mut client: TcpStream,
    mut backend: Box<dyn Stream>,
    mut state: watch::Receiver<Network>,
) {
    let mut copying = pin!(copy_bidirectional(&mut client, &mut backend));
    loop {
        let network = *state.borrow_and_update();
        let changed = match network {
            Network::Cut => return,
            Network::Hung => state.changed().await,
            Network::Up => tokio::select! {
                _ = &mut copying => return,
                changed = state.changed() => changed,
            },
        };
        if changed.is_err() {
            return;
        }
    }
}
