//! Figures under load: what the program itself, built for release, takes and answers.
//!
//! `cargo bench --bench load -- sign_out_flood` runs one of them, without a name all run.
//! `docs/performance.md` holds what came of it.
#![expect(clippy::print_stdout, reason = "figures are for people")]

mod console_lists;
mod cookies;
mod large;
mod pages;
mod program;
mod quiet;
mod sign_out_flood;

use std::{error::Error, process::ExitCode};

/// What a bench comes to.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    // cargo adds `--bench`.
    let wanted: Vec<_> = std::env::args().skip(1).collect();
    let is_wanted = |name| wanted.iter().all(|arg| arg.starts_with('-') || arg == name);
    let names = [
        "console_lists",
        "cookies",
        "large",
        "pages",
        "quiet",
        "sign_out_flood",
    ];
    for name in names {
        if !is_wanted(name) {
            continue;
        }
        println!("\n{name}");
        let outcome = match name {
            "console_lists" => console_lists::run().await,
            "cookies" => cookies::run().await,
            "large" => large::run().await,
            "pages" => pages::run().await,
            "quiet" => quiet::run().await,
            _ => sign_out_flood::run().await,
        };
        if let Err(error) = outcome {
            println!("failed: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
