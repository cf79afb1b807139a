//! The way down the dates of a list, to where there is something.

use super::{Asked, Source, dates::Span, view::Link};
use crate::{error::Result, language::Message};

/// The way down from years to months to days.
#[derive(Clone, Debug, Default)]
pub struct Dates {
    /// The way up.
    pub trail: Vec<Link>,
    /// Where the list is on that way; empty at its top.
    pub here: Message,
    /// The way down.
    pub below: Vec<Link>,
}

pub(super) async fn way_down(source: &impl Source, asked: &Asked) -> Result<Dates> {
    if asked.spec.dates.is_empty() {
        return Ok(Dates::default());
    }
    let link = |span: Span| Link {
        label: span.label(),
        href: asked.query.with("date", span.write()).at(&asked.path),
    };
    let here = Span::read(asked.query.get("date"));
    let below = Span::below(here);
    let ranges: Vec<_> = below.iter().map(|span| span.range(asked.zone())).collect();
    let filled = source.filled(asked, &ranges).await?;
    let filled = filled
        .into_iter()
        .filter_map(|place| usize::try_from(place).ok());
    let below = filled.filter_map(|place| below.get(place));
    let mut trail: Vec<_> = here.map(Span::trail).unwrap_or_default();
    trail.pop();
    let mut up: Vec<_> = trail.into_iter().map(link).collect();
    if here.is_some() {
        let all = asked.query.with("date", "").at(&asked.path);
        let label = Message::new("all-dates");
        up.insert(0, Link { label, href: all });
    }
    Ok(Dates {
        trail: up,
        here: here.map(Span::label).unwrap_or_default(),
        below: below.copied().map(link).collect(),
    })
}
