//! The style sheet, the icon and the one script, inside the program, under names that change with their content.
//!
//! Foundation: knows no feature.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::header;
use rust_embed::{Embed, EmbeddedFile};

use crate::{
    error::{Error, Result},
    random::hex,
};

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
struct Files;

/// File by public name, such as `app.1a2b3c4d.css`.
static BY_NAME: LazyLock<BTreeMap<String, EmbeddedFile>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|file| Some((hashed(&file)?, Files::get(&file)?)))
        .collect()
});

/// The address of the style sheet.
pub static APP_CSS: LazyLock<String> = LazyLock::new(|| url("app.css"));
/// The address of the icon.
pub static ICON: LazyLock<String> = LazyLock::new(|| url("icon.svg"));

/// The address of the script that keeps the numbers of an open poll fresh.
pub static LIVE_JS: LazyLock<String> = LazyLock::new(|| url("live.js"));

fn url(file: &str) -> String {
    format!("/static/{}", hashed(file).unwrap_or_default())
}

fn hashed(file: &str) -> Option<String> {
    let content = Files::get(file)?;
    let (stem, extension) = file.rsplit_once('.')?;
    let hash = content.metadata.sha256_hash();
    let hash = hex(hash.first_chunk::<6>()?);
    Some(format!("{stem}.{hash}.{extension}"))
}

/// `GET /static/{*file}`
///
/// # Errors
/// 404 for any name that is not exactly one of ours.
pub async fn serve(Path(name): Path<String>) -> Result<Response> {
    let file = BY_NAME.get(&name).ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, content_type(&name)),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, file.data.clone()).into_response())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_an_address_that_carries_its_hash() {
        assert!(APP_CSS.starts_with("/static/app.") && APP_CSS.ends_with(".css"));
        assert_eq!(APP_CSS.len(), "/static/app..css".len() + 12);
        assert!(BY_NAME.contains_key(ICON.trim_start_matches("/static/")));
    }
}
