//! Pages.
/// .
pub async fn home() {}
/// .
pub async fn list() {}
/// .
pub async fn detail() {}
/// .
pub async fn vote() {}
/// .
pub async fn voted() {}
/// .
pub async fn results() {}
