//! Figures under load: what the program itself, built for release, takes and answers.
//!
//! `cargo bench --bench load -- sign_out_flood` runs one of them, without a name all run.
//! `docs/performance.md` holds what came of it.
#![expect(clippy::print_stdout, reason = "figures are for people")]

mod api;
mod background;
mod beside_django;
mod console_lists;
mod cookies;
mod django;
mod electorate;
mod instances;
mod large;
mod pages;
mod program;
mod quiet;
mod secret;
mod sign_out_flood;
mod slow_disk;
mod wrk;

use std::{error::Error, process::ExitCode};

/// What a bench comes to.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const NAMES: [&str; 12] = [
    "api",
    "background",
    "beside_django",
    "console_lists",
    "cookies",
    "instances",
    "large",
    "pages",
    "quiet",
    "secret",
    "sign_out_flood",
    "slow_disk",
];

#[tokio::main]
async fn main() -> ExitCode {
    // cargo adds `--bench`.
    let wanted: Vec<_> = std::env::args().skip(1).collect();
    let is_wanted = |name| wanted.iter().all(|arg| arg.starts_with('-') || arg == name);
    for name in NAMES {
        if !is_wanted(name) {
            continue;
        }
        println!("\n{name}");
        let outcome = match name {
            "api" => api::run().await,
            "background" => background::run().await,
            "beside_django" => beside_django::run().await,
            "console_lists" => console_lists::run().await,
            "cookies" => cookies::run().await,
            "instances" => instances::run().await,
            "large" => large::run().await,
            "pages" => pages::run().await,
            "quiet" => quiet::run().await,
            "secret" => secret::run().await,
            "slow_disk" => slow_disk::run().await,
            _ => sign_out_flood::run().await,
        };
        if let Err(error) = outcome {
            println!("failed: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
