//! A line of the route table: what is asked for, who it is for, and how often.

use axum::{
    extract::Request,
    handler::Handler,
    response::Redirect,
    routing::{self, MethodRouter},
};
use http::Method;

use crate::rate_limit::Limit;

/// Largest form taken, in bytes.
pub const LARGEST_FORM: usize = 64 * 1024;

/// Largest form taken that names as many rows of a list as one action takes, in bytes.
pub const LARGEST_ROWS: usize = 512 * 1024;

/// Largest file taken, in bytes: a list with 100,000 voters fits in.
pub const LARGEST_FILE: usize = 8 * 1024 * 1024;

/// Who a route is for. The handler's argument enforces it; the tests hold the two together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Audience {
    /// Anybody, signed in or not.
    Everyone,
    /// Anybody signed in.
    SignedIn,
    /// Staff and admins.
    Staff,
    /// Admins.
    Admins,
    /// The OpenID Provider itself, which proves with a signed token that it is; it sends no
    /// cookie and none of our forms.
    Provider,
    /// Any program, with a good token or without one. Cookies mean nothing here or below.
    Programs,
    /// Programs with a good token.
    Callers,
    /// Programs whose token speaks for staff or an admin.
    StaffCallers,
    /// Programs whose token speaks for an admin.
    AdminCallers,
}

impl Audience {
    /// Whether it comes with a browser, with its session and our forms.
    #[must_use]
    pub fn is_people(self) -> bool {
        matches!(
            self,
            Self::Everyone | Self::SignedIn | Self::Staff | Self::Admins
        )
    }
}

/// One line of the route table.
pub struct Route<S> {
    /// The method; `GET` answers `HEAD` as well.
    pub method: Method,
    /// The path, from [`crate::paths`].
    pub path: &'static str,
    /// Who it is for.
    pub audience: Audience,
    /// How often the same sender may ask.
    pub limit: Option<Limit>,
    /// Largest body taken, in bytes.
    pub largest: usize,
    /// What answers.
    pub handler: MethodRouter<S>,
}

impl<S> Route<S> {
    /// Whether it takes a body; what comes along with any other request is not read.
    #[must_use]
    pub fn has_body(&self) -> bool {
        self.method != Method::GET
    }

    /// The same, of which nobody gets more than `limit` allows.
    #[must_use]
    pub fn limited(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The same, which takes many rows of a list whose names are long.
    #[must_use]
    pub fn taking_rows(mut self) -> Self {
        self.largest = LARGEST_ROWS;
        self
    }

    /// The same, which takes files.
    #[must_use]
    pub fn taking_files(mut self) -> Self {
        self.largest = LARGEST_FILE;
        self
    }
}

/// A page or document.
pub fn get<S, H, T>(path: &'static str, audience: Audience, handler: H) -> Route<S>
where
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    Route {
        method: Method::GET,
        path,
        audience,
        limit: None,
        largest: LARGEST_FORM,
        handler: routing::get(handler),
    }
}

/// Something that a request changes.
pub fn post<S, H, T>(path: &'static str, audience: Audience, handler: H) -> Route<S>
where
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    Route {
        method: Method::POST,
        path,
        audience,
        limit: None,
        largest: LARGEST_FORM,
        handler: routing::post(handler),
    }
}

/// Something that a request puts in place of what is there.
pub fn put<S, H, T>(path: &'static str, audience: Audience, handler: H) -> Route<S>
where
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    Route {
        method: Method::PUT,
        handler: routing::put(handler.clone()),
        ..get(path, audience, handler)
    }
}

/// Something that a request removes.
pub fn delete<S, H, T>(path: &'static str, audience: Audience, handler: H) -> Route<S>
where
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    Route {
        method: Method::DELETE,
        handler: routing::delete(handler.clone()),
        ..get(path, audience, handler)
    }
}

/// Leads from an address without its last slash to the one with it.
pub async fn add_slash(request: Request) -> Redirect {
    let query = request
        .uri()
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    Redirect::permanent(&format!("{}/{query}", request.uri().path()))
}
