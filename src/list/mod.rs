//! What long lists share: an address, columns, filters, pages. Knows no feature.
//!
//! A list is a [`Spec`]: its columns, filters and dates. [`Asked`] is what an address, a [`Query`],
//! asks of it; a [`Source`] counts, and a [`View`] is what the page shows around the rows:
//! headings that sort, filters with their numbers, tags, the way down the [`dates`], [`pages`].
//! [`bulk`] is what is done to several rows at once. `templates/admin/_list.html` draws it.

pub mod bulk;
pub mod dates;
mod heads;
mod narrowing;
pub mod pages;
mod query;
mod spec;
mod view;
mod way_down;

pub use pages::{PER_PAGE, Part};
pub use query::Query;
pub use spec::{Asked, Column, Filter, Spec};
pub use view::{Source, View};
