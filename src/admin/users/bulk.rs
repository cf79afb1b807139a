//! What can be done to several people of the list.

use std::collections::BTreeSet;

use axum::{extract::State, response::Response};

use super::list::{LIST, filter};
use crate::{
    admin::{
        Editor,
        bulk::{self, Acted, Bulk, Offer, Place, Plan, Row},
        list::Asked,
    },
    clock::Clock,
    error::Result,
    language::Message,
    list::bulk::BulkForm,
    page::Page,
    paths,
    session::{Sessions, csrf},
    statement::{Order, Window},
    users::{
        Filter, User, UserId, Users,
        administration::{SessionsOf, Step, Taken, sessions_ended},
    },
};

/// Something done to several people.
#[derive(Clone, Copy, Debug)]
pub enum Action {
    /// Decides whether they may sign in.
    Take(Step),
    /// Ends their sessions.
    End,
}

/// What can be done.
static OFFERS: [Offer<Action>; 3] = [
    Offer {
        action: Action::Take(Step::Deactivate),
        word: "deactivate",
        label: "deactivate",
        button: "bulk-deactivate",
        what: "deactivate-what",
        skips: "bulk-deactivate-skips",
    },
    Offer {
        action: Action::Take(Step::Activate),
        word: "activate",
        label: "activate-again",
        button: "bulk-activate",
        what: "activate-what",
        skips: "bulk-activate-skips",
    },
    Offer {
        action: Action::End,
        word: "end",
        label: "bulk-end-of-people",
        button: "bulk-end-sessions-of",
        what: "bulk-end-what",
        skips: "bulk-end-of-people-skips",
    },
];

/// The actions, as the form above the list offers them.
pub fn options() -> impl Iterator<Item = (&'static str, &'static str)> {
    OFFERS.iter().map(Offer::option)
}

impl Action {
    /// What the page says of somebody, and whether it can be done: `live` sessions would end.
    fn plan(self, user: &User, live: i64, is_oneself: bool) -> (bool, Message) {
        let sessions = Message::new("count-sessions").with("count", live);
        match self {
            Self::Take(Step::Deactivate) if is_oneself => (false, Message::new("that-is-you")),
            Self::Take(step) => {
                let is_possible = Step::next(user) == step && user.merged_into.is_none();
                let says_sessions = is_possible && step == Step::Deactivate;
                let standing = Message::new(super::list::standing(user));
                let says = if says_sessions { sessions } else { standing };
                (is_possible, says)
            }
            Self::End => (live > 0, sessions),
        }
    }
}

/// The list of people, as it was narrowed.
struct People<'a> {
    users: &'a Users,
    sessions: &'a Sessions,
    editor: &'a Editor,
    asked: Asked,
}

impl Bulk for People<'_> {
    type Key = UserId;
    type Action = Action;

    fn offers(&self) -> &'static [Offer<Action>] {
        &OFFERS
    }

    async fn all(&self, limit: usize) -> Result<Vec<UserId>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.users.keys(&filter(&self.asked), limit).await
    }

    async fn plan(&self, action: Action, keys: BTreeSet<UserId>) -> Result<Plan<UserId>> {
        let window = Window::first(i64::try_from(keys.len()).unwrap_or(i64::MAX));
        let ids: Vec<i64> = keys.iter().map(|id| id.0).collect();
        let live = self.sessions.count_of(&ids, &self.editor.session).await?;
        let these = Filter {
            ids: Some(keys.into_iter().collect()),
            ..Filter::default()
        };
        let found = self.users.list(&these, &Order::default(), window).await?;
        let actor = &self.editor.actor;
        Ok(Plan::of(found.into_iter().map(|user| {
            let live = live.get(&user.id.0).copied().unwrap_or(0);
            let (is_possible, says) = action.plan(&user, live, actor.is_user(user.id.0));
            let row = Row {
                href: self.editor.to_user(user.id),
                label: user.name().to_owned(),
                tag: Some(("draft", says)),
            };
            (is_possible.then_some(user.id), row)
        })))
    }

    async fn act(&self, action: Action, keys: BTreeSet<UserId>, _: String) -> Result<Acted> {
        let (actor, now) = (self.editor.actor.clone(), self.asked.now());
        let Action::Take(step) = action else {
            let people = self.users.with_ids(keys).await?.into_values();
            let all = people.map(|user| SessionsOf::Person(user.into()));
            let (all, kept) = (all.collect(), Some(self.editor.session.clone()));
            let ended = self
                .users
                .end_sessions_of_all(all, kept, actor, now)
                .await?;
            return Ok(Acted {
                is_news: ended > 0,
                said: sessions_ended(ended),
            });
        };
        let taken = self.users.take_all(step, keys, actor, now).await?;
        Ok(acted(step, &taken))
    }
}

/// How it went.
fn acted(step: Step, taken: &[Taken]) -> Acted {
    if taken.contains(&Taken::LastAdmin) {
        return Acted {
            is_news: true,
            said: Message::new("bulk-last-admin"),
        };
    }
    let is_done = |taken: &&Taken| matches!(taken, Taken::Done(_));
    let done = taken.iter().filter(is_done).count();
    let did = Message::new("bulk-people-done")
        .with("step", step.as_str())
        .with("count", done);
    Acted {
        is_news: done > 0,
        said: match taken.len() - done {
            0 => did,
            left => did.and(Message::new("bulk-people-left").with("count", left)),
        },
    }
}

/// `POST /admin/users/bulk/`: asks first, and then does it.
///
/// # Errors
/// When the database does not answer.
pub async fn run(
    page: Page,
    editor: Editor,
    State(users): State<Users>,
    State(sessions): State<Sessions>,
    State(clock): State<Clock>,
    csrf::Form(form): csrf::Form<BulkForm>,
) -> Result<Response> {
    let place = Place {
        part: "users",
        trail: vec![
            (paths::ADMIN.to_owned(), page.t("console").plain()),
            (
                editor.list.at(paths::ADMIN_USERS),
                page.t("people-heading").plain(),
            ),
        ],
        action: editor.list.carried_to(paths::ADMIN_USERS_BULK),
    };
    let list = People {
        users: &users,
        sessions: &sessions,
        editor: &editor,
        asked: Asked::read(&LIST, editor.list.clone(), "UTC", clock.now()),
    };
    bulk::run(page, &editor, place, form, &list).await
}
