//! The list of voters as a list: searched, narrowed, sorted, changed several at once.

use super::{listed_poll, names, upload};
use crate::{
    console::{self, confirm},
    support::{app::TestApp, database::Engine, person::Person},
};

const FILE: &str = "uma@acme.example\nstan@acme.example\nb@acme.example\na@acme.example\n";

async fn found(ada: &mut Person<'_>, path: &str, query: &str) -> Vec<String> {
    let page = ada.get(&format!("{path}voters/?{query}")).await;
    page.texts("tbody th")
}

/// Ada and a poll with Uma, Stan, two invitations by e-mail and one by subject.
async fn with_voters<'a>(app: &'a TestApp, changes: &[(&str, &str)]) -> (Person<'a>, String) {
    let mut ada = app.ada().await;
    app.uma().await;
    app.stan().await;
    let path = listed_poll(&mut ada, changes).await;
    upload(&mut ada, &path, &format!("{FILE}4711\n")).await;
    (ada, path)
}

/// V18, A4, A6.
#[tokio::test]
async fn voters_are_narrowed_by_kind_and_time_and_sorted_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (mut ada, path) = with_voters(&app, &[]).await;
        console::take(&mut ada, &path, "open").await;
        upload(&mut ada, &path, "late@acme.example\n").await;
        let (uma, stan) = ("Uma Umbach", "Stan Stark");
        for (query, rows) in [
            ("kind=person", [stan, uma].as_slice()),
            ("kind=subject", &["4711"]),
            (
                "kind=email&added=list",
                &["a@acme.example", "b@acme.example"],
            ),
            ("added=added_later", &["late@acme.example"]),
            ("kind=person&sort=-name", &[uma, stan]),
            ("kind=person&sort=email", &[stan, uma]),
            (
                "kind=email&sort=-added,name",
                &["late@acme.example", "a@acme.example", "b@acme.example"],
            ),
            ("voted=yes", &[]),
            ("voted=no&kind=subject", &["4711"]),
            ("kind=nonsense&q=b@", &["b@acme.example"]),
        ] {
            assert_eq!(found(&mut ada, &path, query).await, rows, "{query}");
        }
        let page = ada.get(&format!("{path}voters/?facets=1")).await;
        let counted = page.texts("#kind option");
        assert_eq!(
            counted,
            [
                "Any",
                "Has signed in (2)",
                "Invited by e-mail (3)",
                "Invited by subject (1)"
            ]
        );
    }
}

/// A10.
#[tokio::test]
async fn a_long_list_of_voters_has_pages_on_which_nobody_is_missing() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    app.uma().await;
    let path = listed_poll(&mut ada, &[]).await;
    let mut file = vec!["uma@acme.example".to_owned()];
    file.extend((100..150).map(|number| format!("v{number}@acme.example")));
    upload(&mut ada, &path, &file.join("\n")).await;
    let mut all = Vec::new();
    for page in 1..=3 {
        all.extend(found(&mut ada, &path, &format!("size=25&page={page}")).await);
    }
    assert_eq!(all[0], "Uma Umbach");
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 51);
}

/// R4, T9: neither a column nor a filter nor an order nor a number tells who has voted in a
/// secret poll, open or closed.
#[tokio::test]
async fn the_list_of_a_secret_poll_never_tells_who_has_voted() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (mut ada, path) = with_voters(&app, &[("secrecy", "secret")]).await;
        console::take(&mut ada, &path, "open").await;
        let pages = async |ada: &mut Person<'_>| {
            let mut pages = Vec::new();
            for query in [
                "",
                "voted=yes",
                "voted=no",
                "sort=voted",
                "sort=-voted",
                "facets=1",
            ] {
                let page = ada.get(&format!("{path}voters/?{query}")).await;
                assert!(page.texts("#voted").is_empty(), "{query}");
                pages.push((page.texts("tbody tr"), page.texts("option, p.small")));
            }
            pages
        };
        let before = pages(&mut ada).await;
        assert!(before.iter().all(|(rows, _)| rows.len() == 5));
        console::uma_votes(&app, &path).await;
        assert_eq!(pages(&mut ada).await, before);
        console::take(&mut ada, &path, "close").await;
        let after = pages(&mut ada).await;
        assert!(
            after
                .iter()
                .zip(&before)
                .all(|(now, then)| now.0.len() == then.0.len())
        );
    }
}

/// V18: of a named poll the list tells it, for chasing those who have not voted.
#[tokio::test]
async fn the_list_of_a_named_poll_finds_those_who_have_not_voted() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (mut ada, path) = with_voters(&app, &[]).await;
        console::take(&mut ada, &path, "open").await;
        console::uma_votes(&app, &path).await;
        assert_eq!(found(&mut ada, &path, "voted=yes").await, ["Uma Umbach"]);
        let waiting = found(&mut ada, &path, "voted=no&kind=person").await;
        assert_eq!(waiting, ["Stan Stark"]);
        let first = found(&mut ada, &path, "sort=-voted").await.remove(0);
        assert_eq!(first, "Uma Umbach");
    }
}

/// A11, A12, A13: several voters are taken off, and the list is narrowed as before.
#[tokio::test]
async fn ticked_voters_are_taken_off_after_a_page_that_names_them() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (mut ada, path) = with_voters(&app, &[]).await;
        let here = format!("{path}voters/?list=state%3Ddraft&q=acme&sort=name");
        let list = ada.get(&here).await;
        let labels = list.attributes("input[name=id]", "aria-label");
        assert!(
            labels.contains(&"Select a@acme.example".to_owned()),
            "{labels:?}"
        );
        let action = list.attributes("#bulk", "action").remove(0);
        let ids = list.attributes("input[name=id]", "value");
        let mut fields = vec![("action", "remove")];
        fields.extend(ids.iter().take(3).map(|id| ("id", id.as_str())));
        let asked = ada.post(&action, &fields).await;
        assert_eq!(asked.text_of("h1"), "Take 3 people off the list?");
        let named = asked.texts("main h1 ~ ul li");
        assert_eq!(named, ["a@acme.example", "b@acme.example", "Stan Stark"]);
        let done = confirm(&mut ada, &asked, &[]).await;
        assert_eq!(done.location(), here);
        let list = ada.get(done.location()).await;
        assert_eq!(
            list.text_of(".flash"),
            "3 people were taken off the list. The list was changed. It names 2 people now."
        );
        assert_eq!(list.texts("tbody th"), ["Uma Umbach"]);
        let told = "SELECT COUNT(*) FROM audit_log WHERE action = 'voters_removed'";
        assert_eq!(app.number(told).await, 1);
    }
}

/// A12.
#[tokio::test]
async fn all_voters_that_a_filter_finds_are_taken_off_and_of_an_open_poll_nobody() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let (mut ada, path) = with_voters(&app, &[]).await;
        let list = ada.get(&format!("{path}voters/?kind=email")).await;
        let action = list.attributes("#bulk", "action").remove(0);
        let all = [("action", "remove"), ("which", "all")];
        let asked = ada.post(&action, &all).await;
        confirm(&mut ada, &asked, &[]).await;
        let left = ["Stan Stark", "Uma Umbach", "4711"];
        assert_eq!(names(&mut ada, &path).await, left);
        console::take(&mut ada, &path, "open").await;
        let open = ada.get(&format!("{path}voters/")).await;
        assert!(open.texts("#bulk, input[name=id]").is_empty());
        let bulk = format!("{path}voters/bulk/");
        for fields in [all, [("action", "remove"), ("confirmed", "2,3")]] {
            let refused = ada.post(&bulk, &fields).await;
            let told = ada.get(refused.location()).await.text_of(".flash");
            assert!(told.contains("This poll is open"), "{told}");
        }
        assert_eq!(names(&mut ada, &path).await, left);
    }
}

/// V18: a poll that opens by itself would open to nobody.
#[tokio::test]
async fn the_last_voter_of_a_scheduled_poll_stays_on_its_list() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let opens = ("opens_at", "2026-03-05T10:00");
        let (mut ada, path) = with_voters(&app, &[opens]).await;
        console::take(&mut ada, &path, "open").await;
        let voters = format!("{path}voters/");
        ada.post(&voters, &[("everybody", "true")]).await;
        let told = ada.get(&voters).await.text_of(".flash");
        assert!(told.contains("needs somebody on its list"), "{told}");
        let list = ada.get(&voters).await;
        let ids = list.attributes("input[name=id]", "value").join(",");
        let all = [("action", "remove"), ("confirmed", ids.as_str())];
        ada.post(&format!("{voters}bulk/"), &all).await;
        assert_eq!(names(&mut ada, &path).await.len(), 5);
        assert_eq!(console::state(&mut ada, &path).await, "Scheduled");
    }
}
