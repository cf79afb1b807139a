//! A body that goes on and on, and tells how much of it was taken.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::body::{Body, Bytes};
use futures_util::stream;

/// How much comes at once, in bytes.
pub const CHUNK: usize = 8 * 1024;

/// `beginning` with 7 MiB behind it, less than any body may have; and how many bytes were taken of it.
pub fn body(beginning: &str) -> (Body, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&taken);
    let rest = (0..(7 << 20) / CHUNK).map(|_| Bytes::from_static(&[b'x'; CHUNK]));
    let chunks = std::iter::once(Bytes::from(beginning.to_owned())).chain(rest);
    let chunks = chunks.map(move |chunk| {
        counted.fetch_add(chunk.len(), Ordering::Relaxed);
        Ok::<_, Infallible>(chunk)
    });
    (Body::from_stream(stream::iter(chunks)), taken)
}
