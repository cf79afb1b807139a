//! Pages.
/// .
pub async fn profile() {}
