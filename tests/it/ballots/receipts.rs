//! Receipts: shown once, stored as a hash, looked up after the closing.

use rolecall::{
    paths,
    polls::{
        Receipts,
        editing::{PollDraft, Step},
    },
};

use super::{ballots, opened, secret, send, values, with_receipts};
use crate::support::{app::TestApp, database::Engine, person::Reply, polls::take};

async fn voted(
    app: &TestApp,
    id: rolecall::polls::PollId,
) -> (crate::support::person::Person<'_>, Reply) {
    let (mut uma, values) = (app.uma().await, values(app, id).await);
    let cast = send(&mut uma, paths::VOTE, id, &[("choice", &values[0])]).await;
    let told = uma.get(cast.location()).await;
    (uma, told)
}

/// T5, V23.
#[tokio::test]
async fn a_receipt_is_shown_once_and_counts_after_the_closing_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let id = opened(&app, with_receipts()).await;
        let (mut uma, told) = voted(&app, id).await;
        let code = told.text_of(".receipt");
        assert_eq!(
            code.split('-').map(str::len).collect::<Vec<_>>(),
            [4, 4, 4, 4]
        );
        let again = uma.get(&paths::with_id(paths::VOTED, id)).await;
        assert!(again.texts(".receipt").is_empty());
        assert!(
            again.text.contains("The code is shown once"),
            "{}",
            again.text
        );

        let path = paths::with_id(paths::RECEIPT, id);
        let early = uma.get(&path).await;
        assert!(
            early
                .text_of(".note")
                .starts_with("Receipts can be checked after the poll has closed")
        );
        assert!(early.texts("#code").is_empty());
        take(&app.state.polls, Step::Close, id, app.clock.now()).await;
        assert_eq!(uma.get(&path).await.texts("#code").len(), 1);
        for typed in [code.clone(), code.to_lowercase(), code.replace('-', " ")] {
            let found = uma.post(&path, &[("code", &typed)]).await;
            assert!(
                found.text_of(".note").starts_with("In the count."),
                "{}",
                found.text
            );
            assert!(
                !found.text_of(".note").contains("Tea"),
                "a receipt says nothing of the choice"
            );
        }
        let other = uma.post(&path, &[("code", "0000-0000-0000-0000")]).await;
        assert!(
            other.text_of(".note").starts_with("Not found."),
            "{}",
            other.text
        );
        let broken = uma.post(&path, &[("code", "0000")]).await;
        assert_eq!(broken.status, 422);
        assert_eq!(broken.attributes(".error-summary a", "href"), ["#code"]);
    }
}

/// V29, T5: the browser of somebody who clicks twice may never see the first answer.
#[tokio::test]
async fn a_form_that_is_sent_twice_leads_to_the_receipt_both_times() {
    for draft in [
        with_receipts(),
        PollDraft {
            review: false,
            ..with_receipts()
        },
    ] {
        let app = TestApp::start().await;
        let id = opened(&app, draft).await;
        let (mut uma, values) = (app.uma().await, values(&app, id).await);
        let mut form = uma.get(&paths::poll(id)).await;
        if form.attributes("form.ballot", "action") == [paths::with_id(paths::REVIEW, id)] {
            form = send(&mut uma, paths::REVIEW, id, &[("choice", &values[0])]).await;
        }
        let nonce = form.attributes("input[name=nonce]", "value").remove(0);
        let vote = [("choice", values[0].as_str()), ("nonce", &nonce)];
        send(&mut uma, paths::VOTE, id, &vote).await;
        uma.cookies().retain(|name, _| !name.contains("receipt"));
        let again = send(&mut uma, paths::VOTE, id, &vote).await;
        let told = uma.get(again.location()).await;
        let code = told.text_of(".receipt");
        assert_eq!(code.len(), 19, "{}", told.text);
        assert_eq!(ballots(&app).await, 1);
        let mut stan = app.stan().await;
        let of_stan = send(&mut stan, paths::VOTE, id, &vote).await;
        let of_stan = stan.get(of_stan.location()).await.text_of(".receipt");
        assert_ne!(of_stan, code, "each has a code of their own");
        take(&app.state.polls, Step::Close, id, app.clock.now()).await;
        for (person, code) in [(&mut uma, code), (&mut stan, of_stan)] {
            let path = paths::with_id(paths::RECEIPT, id);
            let found = person.post(&path, &[("code", &code)]).await;
            assert!(found.text_of(".note").starts_with("In the count."));
        }
    }
}

/// T5: what somebody else's form carries is no way to a receipt.
#[tokio::test]
async fn a_second_vote_with_another_form_leads_to_no_receipt() {
    let app = TestApp::start().await;
    let id = opened(&app, with_receipts()).await;
    let (mut uma, _) = voted(&app, id).await;
    let values = values(&app, id).await;
    let nonce = "x".repeat(43);
    for nonce in ["", "short", &nonce] {
        let vote = [("choice", values[1].as_str()), ("nonce", nonce)];
        let again = send(&mut uma, paths::VOTE, id, &vote).await;
        let told = uma.get(again.location()).await;
        assert_eq!(told.text_of("h1"), "Your vote is recorded");
        assert!(told.texts(".receipt").is_empty(), "{nonce}");
    }
    assert_eq!(ballots(&app).await, 1);
}

/// T5: what the database holds is a hash.
#[tokio::test]
async fn a_receipt_is_stored_as_a_hash_alone() {
    let app = TestApp::start().await;
    let id = opened(&app, with_receipts()).await;
    let (mut uma, told) = voted(&app, id).await;
    let hashed = "SELECT COUNT(*) FROM ballots WHERE length(receipt_hash) = 32";
    assert_eq!(app.number(hashed).await, 1);
    let code = told.text_of(".receipt");
    assert!(uma.cookies().values().all(|value| !value.contains(&code)));
}

/// A code of one poll is none of another's.
#[tokio::test]
async fn a_receipt_of_another_poll_is_not_found() {
    let app = TestApp::start().await;
    let id = opened(&app, with_receipts()).await;
    let other = opened(
        &app,
        PollDraft {
            question: "Other?".to_owned(),
            ..with_receipts()
        },
    )
    .await;
    let (mut uma, told) = voted(&app, id).await;
    take(&app.state.polls, Step::Close, other, app.clock.now()).await;
    let path = paths::with_id(paths::RECEIPT, other);
    let asked = uma
        .post(&path, &[("code", &told.text_of(".receipt"))])
        .await;
    assert!(
        asked.text_of(".note").starts_with("Not found."),
        "{}",
        asked.text
    );
}

#[tokio::test]
async fn a_poll_without_receipts_says_so_and_gives_none() {
    let app = TestApp::start().await;
    let id = opened(&app, secret()).await;
    let (mut uma, told) = voted(&app, id).await;
    assert!(told.texts(".receipt").is_empty());
    let page = uma.get(&paths::with_id(paths::RECEIPT, id)).await;
    assert_eq!(page.text_of(".note"), "This poll gives no receipts.");
}

/// The receipt of a vote that was changed is that of the ballot that stands.
#[tokio::test]
async fn after_a_change_the_new_receipt_counts_and_the_old_one_does_not() {
    let app = TestApp::start().await;
    let changeable = PollDraft {
        receipts: Receipts::Counted,
        allow_change: true,
        ..crate::support::polls::draft("Tea or coffee?", &["Tea", "Coffee"])
    };
    let id = opened(&app, changeable).await;
    let (mut uma, first) = voted(&app, id).await;
    let values = values(&app, id).await;
    let changed = send(&mut uma, paths::VOTE, id, &[("choice", &values[1])]).await;
    let second = uma.get(changed.location()).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let path = paths::with_id(paths::RECEIPT, id);
    for (told, said) in [(first, "Not found."), (second, "In the count.")] {
        let code = told.text_of(".receipt");
        let answer = uma.post(&path, &[("code", &code)]).await;
        assert!(answer.text_of(".note").starts_with(said), "{}", answer.text);
    }
}

/// T5: in two tabs at once, each poll's confirmation shows the code of its own ballot.
#[tokio::test]
async fn a_receipt_waits_for_its_own_confirmation_whatever_else_is_voted_on_meanwhile() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    let (one, other) = (
        opened(&app, with_receipts()).await,
        opened(&app, with_receipts()).await,
    );
    for id in [one, other] {
        let values = values(&app, id).await;
        send(&mut uma, paths::VOTE, id, &[("choice", &values[0])]).await;
    }
    let mut codes = Vec::new();
    for id in [one, other] {
        let told = uma.get(&paths::with_id(paths::VOTED, id)).await;
        codes.push(told.text_of(".receipt"));
        take(&app.state.polls, Step::Close, id, app.clock.now()).await;
        let path = paths::with_id(paths::RECEIPT, id);
        let found = uma.post(&path, &[("code", &codes[codes.len() - 1])]).await;
        assert!(
            found.text_of(".note").starts_with("In the count."),
            "{}",
            found.text
        );
    }
    assert_ne!(codes[0], codes[1]);
}
