//! A button that is pressed twice, as people do who are used to double clicks: the second request
//! ends as the first did, and says nothing else.

use super::{add, meeting, open};
use crate::{
    support::{
        app::TestApp,
        database::Engine,
        person::{Person, Reply},
    },
    voter_lists::{send, upload},
};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// Sends the same form twice; where it leads, and what is said there.
async fn twice(ada: &mut Person<'_>, path: &str, form: &[(&str, &str)]) -> (Reply, Vec<String>) {
    let first = ada.post(path, form).await;
    let second = ada.post(path, form).await;
    assert_eq!(second.status, 303, "{}", second.text);
    assert_eq!(first.location(), second.location());
    let told = ada.get(second.location()).await.texts(".flash");
    (second, told)
}

/// A16, A23.
#[tokio::test]
async fn a_new_poll_that_is_saved_twice_is_one_draft() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let page = ada.get("/admin/polls/new/").await;
        let key = page.attributes("input[name=form_key]", "value").remove(0);
        let mut typed = meeting(&[("form_key", &key)]);
        typed.push(("press", "continue"));
        let (saved, told) = twice(&mut ada, "/admin/polls/new/", &typed).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 1);
        // Whoever goes back and writes something else has not pressed twice.
        let mut other = meeting(&[("form_key", &key), ("question", "Another one?")]);
        other.push(("press", "continue"));
        let another = ada.post("/admin/polls/new/", &other).await;
        assert_ne!(another.location(), saved.location());
        assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 2);
    }
}

/// A32.
#[tokio::test]
async fn a_poll_that_is_copied_twice_by_one_form_is_one_draft_and_by_two_forms_two() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = open(&mut ada, &[]).await;
        let copy = format!("{path}copy/");
        for copies in 1..=2 {
            let page = ada.get(&path).await;
            let key = page.attributes("input[name=form_key]", "value").remove(0);
            let (_, told) = twice(&mut ada, &copy, &[("form_key", &key)]).await;
            assert_eq!(told, ["This is the copy. Give it its times."]);
            assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 1 + copies);
        }
    }
}

/// A29: an edit that is sent twice is no conflict with itself.
#[tokio::test]
async fn an_edit_that_is_saved_twice_is_saved() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(&mut ada, &[]).await;
        ada.get(&path).await;
        let mut typed = meeting(&[("version", "1"), ("question", "A better one?")]);
        typed.push(("press", "continue"));
        let (_, told) = twice(&mut ada, &path, &typed).await;
        assert_eq!(told.len(), 1, "{told:?}");
        let edits = "SELECT COUNT(*) FROM audit_log WHERE action = 'poll_edited'";
        assert_eq!(app.number(edits).await, 1);
    }
}

/// A18.
#[tokio::test]
async fn a_poll_that_is_deleted_twice_is_gone_and_one_that_never_was_is_not_found() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(&mut ada, &[]).await;
        ada.get(&path).await;
        let delete = format!("{path}delete/");
        let (gone, told) = twice(&mut ada, &delete, &[("version", "1")]).await;
        assert_eq!(gone.location(), "/admin/polls/");
        assert_eq!(told.len(), 1, "{told:?}");
        let never = ada.post("/admin/polls/999/delete/", &[]).await;
        assert_eq!(never.status, 404);
    }
}

/// V18.
#[tokio::test]
async fn a_file_of_voters_that_is_saved_twice_is_saved() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(&mut ada, &[("roll_mode", "list")]).await;
        ada.get(&path).await;
        send(&mut ada, &path, "new@acme.example\n").await;
        let preview = format!("{path}voters/preview/");
        let page = ada.get(&preview).await;
        let shown = page.attributes("input[name=shown]", "value").remove(0);
        let saving = [("shown", shown.as_str())];
        let (_, told) = twice(&mut ada, &preview, &saving).await;
        assert_eq!(told, ["The list was saved. It names 1 person now."]);
        app.advance(std::time::Duration::from_mins(1)).await;
        let mut ada = app.ada().await;
        let later = app.clock.now().as_millis().to_string();
        let nothing = ada.post(&preview, &[("shown", &later)]).await;
        assert!(nothing.location().ends_with("/voters/upload/"));
    }
}

/// Presses the button of the page that asks; no other page is opened for that.
async fn press(ada: &mut Person<'_>, asked: &Reply) -> Reply {
    let action = asked.attributes("main form", "action").remove(0);
    let names = asked.attributes("main form input[type=hidden]", "name");
    let values = asked.attributes("main form input[type=hidden]", "value");
    let fields = names.iter().zip(&values);
    let fields: Vec<_> = fields
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    ada.post_without_token(&action, &fields).await
}

/// A12, A23: the question was answered once, and so it is told once.
#[tokio::test]
async fn an_action_that_is_confirmed_twice_is_done_and_told_once() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        open(&mut ada, &[]).await;
        let listed = add(&mut ada, &[("roll_mode", "list")]).await;
        for _ in 0..2 {
            app.uma().await;
        }
        upload(&mut ada, &listed, "uma@acme.example\nnew@acme.example\n").await;
        for (list, action, told) in [
            ("/admin/sessions/?q=uma", "end", "2 sessions have ended."),
            ("/admin/polls/?state=open", "close", "1 poll was closed."),
            (
                "/admin/users/?q=uma",
                "deactivate",
                "1 person was deactivated.",
            ),
            (
                &format!("{listed}voters/?kind=email"),
                "remove",
                "1 person was taken off the list. The list was changed. It names 1 person now.",
            ),
        ] {
            let page = ada.get(list).await;
            let form = page.attributes("#bulk", "action").remove(0);
            let ids = page.attributes("input[name=id]", "value");
            let mut rows = vec![("action", action)];
            rows.extend(ids.iter().map(|id| ("id", id.as_str())));
            let asked = ada.post(&form, &rows).await;
            press(&mut ada, &asked).await;
            let second = press(&mut ada, &asked).await;
            assert_eq!(ada.get(second.location()).await.texts(".flash"), [told]);
            let later = press(&mut ada, &asked).await;
            let said = ada.get(later.location()).await.texts(".flash");
            assert_eq!(said.len(), 1, "nothing is told of {list}");
            assert_ne!(said, [told]);
        }
    }
}

/// V18, A20: the button in a row.
#[tokio::test]
async fn somebody_who_is_taken_off_twice_is_told_of_and_noted_once() {
    for engine in ENGINES {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(&mut ada, &[("roll_mode", "list")]).await;
        upload(&mut ada, &path, "uma@acme.example\nnew@acme.example\n").await;
        let list = format!("{path}voters/");
        let page = ada.get(&list).await;
        let entry = page.attributes("[name=entry]", "value").remove(0);
        for told in [
            "The list was changed. It names 1 person now.",
            "Nobody was taken off the list.",
        ] {
            let done = ada.post(&list, &[("entry", &entry)]).await;
            assert_eq!(ada.get(done.location()).await.texts(".flash"), [told]);
        }
        let noted = "SELECT COUNT(*) FROM audit_log WHERE action = 'voters_removed'";
        assert_eq!(app.number(noted).await, 1);
    }
}
