//! `GET /metrics`, on an address of its own: what it tells is for operators, and nobody has to sign
//! in for it.

use std::time::Duration;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};
use tokio::{net::TcpListener, sync::watch, time::timeout};

use super::{connections::listen, limits::Limits, stop::Phase};
use crate::{db::Db, metrics, session::Sessions, system};

/// `GET /metrics`
const METRICS: &str = "/metrics";

/// How long the database may take for its part; without it the rest is told.
const PATIENCE: Duration = Duration::from_secs(2);

/// Connections at a time: a monitoring system needs one.
const CONNECTIONS: usize = 16;

/// What is looked up when somebody asks.
type Looked = (Sessions, Db);

/// Answers whoever asks at `listener`, until `phase` says otherwise.
pub async fn expose_metrics(
    looked: (Sessions, Db),
    listener: TcpListener,
    limits: Limits,
    phase: watch::Receiver<Phase>,
) {
    let limits = Limits {
        connections: CONNECTIONS,
        ..limits
    };
    let router = Router::new().route(METRICS, get(expose));
    listen(listener, router.with_state(looked), limits, phase).await;
}

async fn expose(State((sessions, db)): State<Looked>) -> Response {
    let looked = timeout(PATIENCE, async {
        tokio::join!(sessions.count(), system::log_size(&db))
    });
    if let Ok((sessions, log)) = looked.await {
        let sessions = sessions.ok().map(|(sessions, _)| sessions);
        metrics::sizes(sessions, log.ok().flatten());
    }
    match metrics::expose() {
        Ok(text) => ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
