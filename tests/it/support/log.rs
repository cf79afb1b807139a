//! What the application logs while a test runs.

use std::{cell::RefCell, io, sync::Once};

use tracing_subscriber::{Layer as _, filter::dynamic_filter_fn, layer::SubscriberExt as _};

thread_local! {
    /// What was logged on this thread since it began to be kept.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes into the log of this thread.
struct ThisThread;

impl io::Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.get_or_insert_default().extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps everything that this thread logs from now on, as `tokio::test` runs all of a test on it.
pub fn keep() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(|| ThisThread);
        let kept = dynamic_filter_fn(|_, _| LOG.with_borrow(Option::is_some));
        let subscriber = tracing_subscriber::registry().with(lines.with_filter(kept));
        tracing::subscriber::set_global_default(subscriber).expect("the only one");
    });
    LOG.set(Some(Vec::new()));
}

/// What was kept.
pub fn taken() -> String {
    let log = LOG.take().expect("a log");
    String::from_utf8_lossy(&log).into_owned()
}
