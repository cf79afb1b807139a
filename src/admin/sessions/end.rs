//! Ends sessions: one by the button in its row, or several after a page that names them.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{Redirect, Response},
};
use serde::Deserialize;

use super::list::{LIST, filter};
use crate::{
    admin::{
        Editor,
        bulk::{self, Acted, Bulk, Offer, Place, Plan, Row},
        list::Asked,
    },
    clock::Clock,
    error::{Error, Result},
    language::Zone,
    list::bulk::BulkForm,
    page::Page,
    paths,
    session::{Filter, OwnedKey, OwnedSession, SessionRow, Sessions, csrf},
    statement::Window,
    users::{
        UserId, Users,
        administration::{SessionsOf, sessions_ended},
    },
};

/// The session that ends.
#[derive(Debug, Deserialize)]
pub struct EndForm {
    user: i64,
    session: String,
}

/// `POST /admin/sessions/`: ends one session; its browser is signed out from the next request on.
///
/// # Errors
/// 404 when there is no such person.
pub async fn one(
    _page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(clock): State<Clock>,
    csrf::Form(form): csrf::Form<EndForm>,
) -> Result<Redirect> {
    let user = users.find(UserId(form.user)).await?;
    let user = user.ok_or(Error::NotFound)?;
    let whose = SessionsOf::One(user, form.session);
    let (kept, actor) = (editor.session.clone(), editor.actor.clone());
    let ended = users.end_sessions(whose, Some(kept), actor, clock.now());
    editor.tell(sessions_ended(ended.await?)).await?;
    Ok(Redirect::to(&editor.list.at(paths::ADMIN_SESSIONS)))
}

/// What can be done to several sessions.
static OFFERS: [Offer<()>; 1] = [Offer {
    action: (),
    word: "end",
    label: "session-end-column",
    button: "bulk-end",
    what: "bulk-end-what",
    skips: "bulk-end-skips",
}];

/// The actions, as the form above the list offers them.
pub fn options() -> impl Iterator<Item = (&'static str, &'static str)> {
    OFFERS.iter().map(Offer::option)
}

/// The list of sessions, as it was narrowed.
struct SessionList<'a> {
    users: &'a Users,
    sessions: &'a Sessions,
    editor: &'a Editor,
    zone: Zone,
    asked: Asked,
}

impl SessionList<'_> {
    async fn find(&self, filter: &Filter, limit: usize) -> Result<Vec<OwnedSession>> {
        let window = Window::first(i64::try_from(limit).unwrap_or(i64::MAX));
        let (order, current) = (&self.asked.order, &self.editor.session);
        let found = self.sessions.list_owned(filter, order, window, current);
        found.await
    }
}

impl Bulk for SessionList<'_> {
    type Key = OwnedKey;
    type Action = ();

    fn offers(&self) -> &'static [Offer<()>] {
        &OFFERS
    }

    async fn all(&self, limit: usize) -> Result<Vec<OwnedKey>> {
        let found = self.find(&filter(&self.asked), limit).await?;
        Ok(found.iter().map(OwnedSession::key).collect())
    }

    async fn plan(&self, (): (), keys: BTreeSet<OwnedKey>) -> Result<Plan<OwnedKey>> {
        let limit = keys.len();
        let these = Filter {
            keys: Some(keys),
            ..Filter::default()
        };
        let found = self.find(&these, limit).await?;
        Ok(Plan::of(found.into_iter().map(|owned| {
            let (key, is_current) = (owned.key(), owned.session.is_current);
            let browser = SessionRow::new(owned.session, self.zone).browser;
            let row = Row {
                href: paths::with_id(paths::ADMIN_USER, key.user),
                label: owned.owner,
                tag: Some(("draft", browser)),
            };
            ((!is_current).then_some(key), row)
        })))
    }

    async fn act(&self, (): (), keys: BTreeSet<OwnedKey>, _: String) -> Result<Acted> {
        let ids = keys.iter().map(|key| UserId(key.user)).collect();
        let people = self.users.with_ids(ids).await?;
        let session = |key: OwnedKey| {
            let user = people.get(&UserId(key.user))?.clone();
            Some(SessionsOf::One(user.into(), key.handle))
        };
        let all = keys.into_iter().filter_map(session).collect();
        let (kept, actor) = (self.editor.session.clone(), self.editor.actor.clone());
        let ended = self
            .users
            .end_sessions_of_all(all, Some(kept), actor, self.asked.now())
            .await?;
        Ok(Acted {
            is_news: ended > 0,
            said: sessions_ended(ended),
        })
    }
}

/// `POST /admin/sessions/bulk/`: asks first, and then ends several.
///
/// # Errors
/// When the database does not answer.
pub async fn several(
    page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(sessions): State<Sessions>,
    State(clock): State<Clock>,
    csrf::Form(form): csrf::Form<BulkForm>,
) -> Result<Response> {
    let place = Place {
        part: "sessions",
        trail: vec![
            (paths::ADMIN.to_owned(), page.t("console").plain()),
            (
                editor.list.at(paths::ADMIN_SESSIONS),
                page.t("sessions").plain(),
            ),
        ],
        action: editor.list.carried_to(paths::ADMIN_SESSIONS_BULK),
    };
    let list = SessionList {
        users: &users,
        sessions: &sessions,
        editor: &editor,
        zone: page.zone,
        asked: Asked::read(&LIST, editor.list.clone(), page.zone, clock.now()),
    };
    bulk::run(page, &editor, place, form, &list).await
}
