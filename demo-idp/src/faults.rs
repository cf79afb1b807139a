//! Faults: what an endpoint does instead of answering properly.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use futures_util::stream;

use crate::{answer, provider::Provider};

/// How many mebibytes [`Fault::HugeBody`] sends.
const HUGE_MIB: usize = 64;

/// One way in which an endpoint can fail.
#[derive(Clone, Debug, Default)]
pub enum Fault {
    /// It works.
    #[default]
    None,
    /// This status with this body, as JSON.
    Status(u16, String),
    /// A web page with status 200 where JSON is expected.
    Html,
    /// No answer at all until the client gives up.
    Hang,
    /// The proper answer, late.
    Slow(Duration),
    /// 64 MiB of JSON white space.
    HugeBody,
    /// Status 200 and nothing more.
    EmptyBody,
    /// The proper answer, cut in the middle.
    TruncatedJson,
    /// The proper answer, and the connection breaks off in the middle of it.
    CutOff,
    /// The proper answer, a byte at a time, with this much time before each.
    Drip(Duration),
    /// A redirect to this address.
    Redirect(String),
    /// The connection breaks off before the answer.
    Refuse,
}

impl Fault {
    /// Whether the endpoint's own code runs at all.
    pub(crate) fn lets_work(&self) -> bool {
        matches!(
            self,
            Self::None | Self::Slow(_) | Self::TruncatedJson | Self::CutOff | Self::Drip(_)
        )
    }

    /// Waits as long as the fault demands, at most until the provider stops.
    pub(crate) async fn delay(&self, op: &Provider) {
        match self {
            Self::Hang => op.stopped().await,
            Self::Slow(time) => {
                tokio::select! {
                    () = tokio::time::sleep(*time) => {}
                    () = op.stopped() => {}
                }
            }
            _ => {}
        }
    }

    /// Turns the proper answer (or a placeholder for it) into the faulty one.
    pub(crate) async fn spoil(self, proper: Response) -> Response {
        match self {
            Self::None | Self::Slow(_) => proper,
            Self::Status(status, body) => json(status, body),
            Self::Html => Html("<!doctype html><title>Bad gateway</title>").into_response(),
            Self::HugeBody => huge(),
            Self::EmptyBody => StatusCode::OK.into_response(),
            Self::TruncatedJson => truncated(proper).await,
            Self::CutOff => cut_off(proper).await,
            Self::Drip(pause) => dripping(proper, pause).await,
            Self::Redirect(url) => answer::redirect(&url),
            Self::Hang | Self::Refuse => broken(),
        }
    }
}

fn json(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn huge() -> Response {
    let spaces = Bytes::from(vec![b' '; 1024 * 1024]);
    let pieces = (0..HUGE_MIB).map(move |_| Ok::<_, io::Error>(spaces.clone()));
    let body = Body::from_stream(stream::iter(pieces));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn truncated(proper: Response) -> Response {
    let (mut parts, body) = proper.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(whole.slice(..whole.len() / 2)))
}

async fn cut_off(proper: Response) -> Response {
    let (mut parts, body) = proper.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let length = HeaderValue::from(whole.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    let half = Ok(whole.slice(..whole.len() / 2));
    let failure = Err(io::Error::from(io::ErrorKind::ConnectionReset));
    Response::from_parts(parts, Body::from_stream(stream::iter([half, failure])))
}

async fn dripping(proper: Response, pause: Duration) -> Response {
    let (parts, body) = proper.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let drops = stream::unfold(whole, move |mut left| async move {
        tokio::time::sleep(pause).await;
        let drop = (!left.is_empty()).then(|| left.split_to(1))?;
        Some((Ok::<_, io::Error>(drop), left))
    });
    Response::from_parts(parts, Body::from_stream(drops))
}

/// An answer whose body fails at once: the server drops the connection.
fn broken() -> Response {
    let failure = stream::iter([Err::<Bytes, _>(io::Error::from(io::ErrorKind::BrokenPipe))]);
    let mut response = Body::from_stream(failure).into_response();
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
