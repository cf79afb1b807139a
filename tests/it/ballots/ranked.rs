//! Choices in order of preference: a number beside each, no dragging.

use rolecall::{
    paths,
    polls::editing::{PollDraft, Step},
};

use super::{ballots, opened, ranked, ranking, send, values};
use crate::support::{app::TestApp, polls::take};

/// V14.
#[tokio::test]
async fn a_ranked_paper_has_a_number_for_each_choice_and_none_is_given() {
    let app = TestApp::start().await;
    let id = opened(&app, ranked()).await;
    let page = app.uma().await.get(&paths::poll(id)).await;
    assert_eq!(page.texts(".rank label"), ["Red", "Green", "Blue"]);
    assert_eq!(page.texts(".rank:first-of-type option").len(), 4);
    assert_eq!(page.attributes("option[selected]", "value"), [""; 0]);
    assert_eq!(
        page.text_of(".hint"),
        "Give your first choice the number 1, your second the number 2, and so on. \
         Rank as many as you like, up to 3."
    );
}

/// V14.
#[tokio::test]
async fn a_partial_ranking_is_recorded_and_told_in_its_order() {
    let app = TestApp::start().await;
    let id = opened(&app, ranked()).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    let fields = ranking(&values, &["2", "", "1"]);
    let cast = send(&mut uma, paths::VOTE, id, &fields).await;
    assert_eq!(cast.status, 303, "{}", cast.text);
    let told = uma.get(cast.location()).await;
    assert_eq!(told.texts(".facts dd")[0], "1. Blue, 2. Red");
    let stored = "SELECT CAST(SUM(choice_id * value) AS BIGINT) FROM ballot_choices";
    let sum = values[2].parse::<i64>().expect("a number")
        + 2 * values[0].parse::<i64>().expect("a number");
    assert_eq!(app.number(stored).await, sum);
}

/// V7, V14, X3.
#[tokio::test]
async fn gaps_and_repeats_come_back_with_the_reason_and_with_all_that_was_typed() {
    let app = TestApp::start().await;
    let bounded = PollDraft {
        min_choices: 2,
        max_choices: 2,
        allow_abstain: true,
        ..ranked()
    };
    let id = opened(&app, bounded).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    for (ranks, reason, at) in [
        (["", "", ""], "You didn’t rank a choice.", 0),
        (
            ["1", "1", ""],
            "You gave number 1 more than once. Give each choice a number of its own.",
            1,
        ),
        (
            ["1", "3", ""],
            "You left out number 2. Number your choices 1, 2, 3 without a gap.",
            0,
        ),
        (["1", "", ""], "Rank at least 2.", 0),
        (["3", "2", "1"], "Rank 2 at most.", 0),
        (
            ["x", "", ""],
            "Give a choice a number, or leave it unranked.",
            0,
        ),
    ] {
        let page = send(&mut uma, paths::VOTE, id, &ranking(&values, &ranks)).await;
        assert_eq!(page.status, 422, "{ranks:?}");
        assert_eq!(page.texts(".error-summary li"), [reason]);
        let field = format!("#choice-{}", values[at]);
        assert_eq!(
            page.attributes(".error-summary a", "href"),
            [field.as_str()]
        );
        assert_eq!(page.texts(&field).len(), 1, "the link has a target");
        let kept: Vec<_> = ranks
            .iter()
            .filter(|rank| ["1", "2"].contains(rank))
            .collect();
        let shown = page.attributes("option[selected]", "value");
        assert_eq!(shown.iter().collect::<Vec<_>>(), kept, "{ranks:?}");
    }
    let mut both = ranking(&values, &["1", "2", ""]);
    both.push(("choice", "abstain"));
    let page = send(&mut uma, paths::VOTE, id, &both).await;
    assert_eq!(
        page.texts(".error-summary li"),
        ["Rank either your choices or “I abstain”, not both."]
    );
    let ticked = send(&mut uma, paths::VOTE, id, &[("choice", &values[0])]).await;
    assert_eq!(
        ticked.texts(".error-summary li"),
        ["You didn’t rank a choice."]
    );
    assert_eq!(ballots(&app).await, 0);
    let mut none = ranking(&values, &["", "", ""]);
    none.extend([("choice", "abstain"), ("paper", values[0].as_str())]);
    assert_eq!(send(&mut uma, paths::VOTE, id, &none).await.status, 303);
}

/// V20.
#[tokio::test]
async fn a_ranking_that_may_be_changed_is_shown_and_replaced() {
    let app = TestApp::start().await;
    let changeable = PollDraft {
        allow_change: true,
        ..ranked()
    };
    let id = opened(&app, changeable).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    send(
        &mut uma,
        paths::VOTE,
        id,
        &ranking(&values, &["2", "", "1"]),
    )
    .await;
    let form = uma.get(&paths::poll(id)).await;
    assert!(
        form.text_of(".note").contains("1. Blue, 2. Red"),
        "{}",
        form.text
    );
    assert_eq!(form.attributes("option[selected]", "value"), ["2", "1"]);
    let all = ranking(&values, &["3", "1", "2"]);
    assert_eq!(send(&mut uma, paths::VOTE, id, &all).await.status, 303);
    let told = uma.get(&paths::with_id(paths::VOTED, id)).await;
    assert_eq!(told.texts(".facts dd")[0], "1. Green, 2. Blue, 3. Red");
    assert_eq!(ballots(&app).await, 1);
}

/// V14.
#[tokio::test]
async fn rankings_of_voters_are_counted_for_staff() {
    let app = TestApp::start().await;
    let id = opened(&app, ranked()).await;
    let (mut uma, mut stan, values) = (app.uma().await, app.stan().await, values(&app, id).await);
    send(
        &mut uma,
        paths::VOTE,
        id,
        &ranking(&values, &["2", "", "1"]),
    )
    .await;
    send(
        &mut stan,
        paths::VOTE,
        id,
        &ranking(&values, &["3", "2", "1"]),
    )
    .await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let tally = app
        .state
        .polls
        .tally(id, app.clock.now())
        .await
        .expect("counted");
    let votes: Vec<u64> = tally.counts.iter().map(|count| count.votes).collect();
    assert_eq!(votes, [0, 0, 2]);
    let page = stan.get(&paths::with_id(paths::RESULTS, id)).await;
    assert_eq!(
        page.text_of(".outcome"),
        "Blue wins, with 2 of 2 votes in the first round."
    );
}
