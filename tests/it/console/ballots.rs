//! How people vote, as an admin chooses it: rankings, secrecy, review, receipts, order.

use super::{add, meeting, open, take};
use crate::support::{app::TestApp, database::Engine, person::Person};

/// Everything that this version can do at once.
const SECRET_RANKING: [(&str, &str); 8] = [
    ("method", "ranked"),
    ("ranked_rule", "schulze"),
    ("secrecy", "secret"),
    ("review", "true"),
    ("receipts", "true"),
    ("randomise", "true"),
    ("min_choices", "1"),
    ("max_choices", "2"),
];

async fn ticked(ada: &mut Person<'_>, path: &str) -> Vec<String> {
    let page = ada.get(path).await;
    page.attributes("form.sheet input[checked]", "id")
}

/// A14, V14, V21, V23, V24.
#[tokio::test]
async fn what_is_chosen_is_kept_and_shown_again_on_both_databases() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let path = add(&mut ada, &SECRET_RANKING).await;
        let kept = ticked(&mut ada, &path).await;
        for id in [
            "method-ranked",
            "ranked_rule-schulze",
            "secrecy-secret",
            "review",
            "receipts",
            "randomise",
        ] {
            assert!(kept.contains(&id.to_owned()), "{id}: {kept:?}");
        }
        let fields = meeting(&[("version", "1"), ("press", "continue")]);
        assert_eq!(ada.post(&path, &fields).await.status, 303);
        let kept = ticked(&mut ada, &path).await;
        for id in ["method-single", "secrecy-named"] {
            assert!(kept.contains(&id.to_owned()), "{id}: {kept:?}");
        }
        assert!(!kept.contains(&"receipts".to_owned()), "{kept:?}");
        let told = "SELECT COUNT(*) FROM audit_log WHERE changes LIKE '%\"secrecy\":{\"new\":\"named\",\"old\":\"secret\"}%'";
        assert_eq!(app.number(told).await, 1);
    }
}

/// R4, V20: said in words before the database refuses.
#[tokio::test]
async fn a_secret_poll_with_changes_or_live_numbers_is_refused_in_words() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for (field, value, at, said) in [
        (
            "allow_change",
            "true",
            "#secrecy",
            "A secret vote cannot be changed",
        ),
        (
            "results",
            "live",
            "#results",
            "Nobody, administrators included, sees numbers",
        ),
    ] {
        let fields = meeting(&[("secrecy", "secret"), (field, value)]);
        let page = ada.post("/admin/polls/new/", &fields).await;
        assert_eq!(page.status, 422, "{field}");
        assert_eq!(page.attributes(".error-summary a", "href"), [at]);
        assert!(
            page.text_of(".error-summary li").starts_with(said),
            "{}",
            page.text_of(".error-summary li")
        );
        assert!(page.text_of(&format!("{at} .field-error")).contains(said));
        assert!(
            page.attributes("input[checked]", "id")
                .contains(&"secrecy-secret".to_owned())
        );
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM polls").await, 0);
}

/// A22.
#[tokio::test]
async fn the_preview_shows_the_paper_that_voters_will_see() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &SECRET_RANKING).await;
    let page = ada.get(&format!("{path}preview/")).await;
    assert_eq!(
        page.texts("fieldset[disabled] .rank label"),
        ["Monday", "Tuesday"]
    );
    assert_eq!(page.text_of("fieldset[disabled] .button"), "Continue");
    assert!(page.text_of(".terms").contains("This ballot is secret"));
}

/// R4, A31.
#[tokio::test]
async fn the_facts_of_a_secret_poll_tell_how_people_vote_and_their_number_after_closing() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = open(&mut ada, &SECRET_RANKING).await;
    let facts = ada.get(&path).await.texts(".facts > div");
    for fact in [
        "On a ballot1 to 2 choices in order of preference (Schulze method)",
        "How they voteSecret ballot; shown once more before it is cast; with a receipt; \
         choices in an order of each voter’s own",
        "VotesCounted after closing. They cannot be changed.",
    ] {
        assert!(facts.contains(&fact.to_owned()), "{facts:?}");
    }
    take(&mut ada, &path, "close").await;
    let facts = ada.get(&path).await.texts(".facts > div");
    assert!(facts.contains(&"Votes0".to_owned()), "{facts:?}");
}

/// A29: an editor who was overtaken sees the rules of voting in both versions.
#[tokio::test]
async fn two_versions_are_compared_in_how_people_vote_as_well() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let path = add(&mut ada, &SECRET_RANKING).await;
    let first = meeting(&[("version", "1"), ("press", "continue")]);
    assert_eq!(ada.post(&path, &first).await.status, 303);
    let mut changes = vec![("version", "1")];
    changes.extend(SECRET_RANKING);
    let late = ada.post(&path, &meeting(&changes)).await;
    assert_eq!(late.status, 409);
    let rows = late.texts("table.data tbody tr");
    for row in [
        "Choices on a ballotOneFrom 1 to 2, ranked: Schulze method",
        "SecrecyNamed votesSecret ballot",
        "ReceiptsNoYes",
    ] {
        assert!(rows.contains(&row.to_owned()), "{rows:?}");
    }
}
