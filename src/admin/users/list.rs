//! The list of people.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use crate::{
    admin::{
        Editor,
        list::{Asked, Column, Filter, Query, Source, Spec, View},
    },
    clock::Clock,
    error::Result,
    moment::Day,
    page::Page,
    paths,
    statement::Range,
    users::{self, Role, Standing, User, Users},
};

/// Characters of a subject that are shown at each end of a long one.
const ENDS: usize = 6;

/// The list of people.
pub static LIST: Spec = Spec {
    path: paths::ADMIN_USERS,
    things: "people",
    none_found: "no-person-found",
    search: "search-people",
    columns: &[
        Column::sorted("column-name", "name"),
        Column::sorted("email-column", "email"),
        Column::sorted("subject", "subject"),
        Column::sorted("role", "role"),
        Column::sorted("last-sign-in", "last"),
        Column::plain("active"),
    ],
    filters: &[
        Filter {
            name: "role",
            label: "role",
            options: &[
                ("user", "role-user"),
                ("staff", "role-staff"),
                ("admin", "role-admin"),
            ],
        },
        Filter {
            name: "active",
            label: "active",
            options: &[
                ("active", "yes"),
                ("deactivated", "no-deactivated"),
                ("without-role", "no-without-role"),
            ],
        },
    ],
    dates: "last-sign-in",
    order: "name",
};

/// What the store is asked for.
#[must_use]
pub fn filter(asked: &Asked) -> users::Filter {
    users::Filter {
        words: asked.words.clone(),
        role: asked.value("role").and_then(Role::from_word),
        standing: asked.value("active").and_then(Standing::from_word),
        last_sign_in: asked.range,
        ids: None,
    }
}

impl Source for Users {
    async fn count(&self, asked: &Asked) -> Result<i64> {
        self.count(&filter(asked)).await
    }

    async fn filled(&self, asked: &Asked, periods: &[Range]) -> Result<Vec<i64>> {
        self.signed_in_last_in(&filter(asked), periods).await
    }
}

/// The list of people.
#[derive(Template, WebTemplate)]
#[template(path = "admin/users/list.html")]
pub struct UsersPage {
    page: Page,
    people: Vec<Row>,
    list: View,
}

/// A person in the list.
struct Row {
    user: User,
    /// Their page, from where the way leads back to this list.
    href: String,
    /// The subject, shortened when it is long.
    subject: String,
    /// The day of the last sign-in, in UTC.
    day: Option<Day>,
}

impl Row {
    fn new(user: User, query: &Query) -> Self {
        Self {
            href: query.carried_to(&paths::with_id(paths::ADMIN_USER, user.id)),
            subject: shortened(&user.subject),
            day: user.last_login_at.map(Day::of),
            user,
        }
    }
}

/// Whether somebody may sign in, and why not: the id of a message.
pub(super) const fn standing(user: &User) -> &'static str {
    if user.merged_into.is_some() {
        "no-merged"
    } else if user.erased_at.is_some() {
        "no-erased"
    } else if user.deactivated_at.is_some() {
        "no-deactivated"
    } else if user.role_lost_at.is_some() {
        "no-without-role"
    } else {
        "yes"
    }
}

impl UsersPage {
    /// Where the form goes that does something to several people.
    fn bulk(&self) -> String {
        self.list.query.carried_to(paths::ADMIN_USERS_BULK)
    }
}

/// `GET /admin/users/`: the people, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    page: Page,
    _: Editor,
    State(users): State<Users>,
    State(clock): State<Clock>,
    query: Query,
) -> Result<UsersPage> {
    let asked = Asked::read(&LIST, query, "UTC", clock.now());
    let list = View::of(&users, &asked).await?;
    let window = list.part.window();
    let people = users.list(&filter(&asked), &asked.order, window).await?;
    Ok(UsersPage {
        page,
        people: people
            .into_iter()
            .map(|user| Row::new(user, &asked.query))
            .collect(),
        list,
    })
}

/// A long subject by its ends: `269012…834561`.
fn shortened(subject: &str) -> String {
    let letters: Vec<char> = subject.chars().collect();
    match (letters.first_chunk::<ENDS>(), letters.last_chunk::<ENDS>()) {
        (Some(first), Some(last)) if letters.len() > 2 * ENDS + 1 => {
            format!(
                "{}\u{2026}{}",
                String::from_iter(first),
                String::from_iter(last)
            )
        }
        _ => subject.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_subject_is_shown_by_its_ends_and_a_short_one_whole() {
        assert_eq!(shortened("269012345678834561"), "269012\u{2026}834561");
        assert_eq!(shortened("1234567890123"), "1234567890123");
        assert_eq!(shortened(""), "");
        assert_eq!(shortened("ääääääbbbbbbbbööööää"), "ääääää\u{2026}ööööää");
    }
}
