//! The list of people.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use crate::{
    admin::{
        Editor,
        list::{PER_PAGE, Part, Query},
    },
    clock::Timestamp,
    error::Result,
    page::Page,
    paths,
    search::Words,
    users::{User, Users},
};

/// Characters of a subject that are shown at each end of a long one.
const ENDS: usize = 6;

/// The list of people.
#[derive(Template, WebTemplate)]
#[template(path = "admin/users/list.html")]
pub struct UsersPage {
    page: Page,
    people: Vec<Row>,
    part: Part,
    /// People in all, whatever the search.
    all: i64,
    query: Query,
}

/// A person in the list.
struct Row {
    user: User,
    /// Their page, from where the way leads back to this list.
    href: String,
    /// The subject, shortened when it is long.
    subject: String,
    /// The day of the last sign-in, in UTC.
    day: Option<String>,
}

impl Row {
    fn new(user: User, query: &Query) -> Self {
        Self {
            href: query.carried_to(&paths::with_id(paths::ADMIN_USER, user.id)),
            subject: shortened(&user.subject),
            day: user.last_login_at.map(day),
            user,
        }
    }
}

impl UsersPage {
    /// The page that asks before everybody's sessions end.
    fn end_sessions(&self) -> String {
        self.query.carried_to(paths::ADMIN_SESSIONS_END)
    }

    fn pages(&self) -> String {
        self.query.pages_at(paths::ADMIN_USERS)
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
    query: Query,
) -> Result<UsersPage> {
    let words = Words::parse(query.get("q"));
    let part = Part::of(users.count(&words).await?, query.page());
    let people = users.list(&words, part.offset(), PER_PAGE).await?;
    Ok(UsersPage {
        page,
        people: people
            .into_iter()
            .map(|user| Row::new(user, &query))
            .collect(),
        part,
        all: users.count(&Words::default()).await?,
        query,
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

/// The day of a moment, in UTC.
pub(in crate::admin) fn day(at: Timestamp) -> String {
    let text = at.rfc3339();
    text.split_once('T')
        .map_or_else(String::new, |(day, _)| day.to_owned())
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

    #[test]
    fn a_sign_in_is_told_by_the_day() {
        assert_eq!(day(Timestamp::from_millis(1_772_442_000_000)), "2026-03-02");
    }
}
