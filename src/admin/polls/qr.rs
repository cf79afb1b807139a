//! A poll's address as a QR code (ISO/IEC 18004), drawn as one path without a style.

use std::fmt::Write as _;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::header;
use qrcode::{Color, QrCode};

use super::Found;
use crate::{
    admin::Editor,
    config::SiteConfig,
    error::{Error, Result},
    paths,
};

/// Modules of white around the code.
const QUIET_ZONE: usize = 4;

/// `GET /admin/polls/{id}/qr.svg`: the poll's address as a QR code.
///
/// # Errors
/// When the address is too long for one.
pub async fn code(
    _: Editor,
    State(site): State<SiteConfig>,
    Found(poll): Found,
) -> Result<Response> {
    let svg = svg(&paths::absolute(&site.base_url, &paths::poll(poll.id)))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

fn svg(text: &str) -> Result<String> {
    let code = QrCode::new(text).map_err(Error::internal)?;
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (place % width + QUIET_ZONE, place / width + QUIET_ZONE);
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = width + 2 * QUIET_ZONE;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"240\" \
         height=\"240\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" \
         fill=\"#fff\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_of_modules_inside_its_quiet_zone() {
        let svg = svg("http://localhost:8000/polls/7/").unwrap();
        // 30 bytes at level M make version 3: 29 modules and the zone on both sides.
        assert!(svg.contains("viewBox=\"0 0 37 37\""), "{svg}");
        // The corner of the first finder pattern.
        assert!(svg.contains("d=\"M4 4h1v1h-1zM5 4"), "{svg}");
        assert!(!svg.contains("style"));
    }
}
