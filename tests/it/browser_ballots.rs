//! Ranking and voting in secret in a real browser, as readers with different screens see it.

use fantoccini::key::Key;
use rolecall::polls::{PollId, editing::Step};

use crate::{browser_journeys::tab_to, browser_voting::as_every_reader, support::polls::take};

const ROOMS: &str = "Which meeting room do we renovate first?";
const WEEK: &str = "Should we try a week of four days?";

/// V14, V28, X1.
#[tokio::test]
async fn uma_ranks_choices_with_the_keyboard_alone() {
    as_every_reader(async |browser, site| {
        browser.goto(site.poll(ROOMS).await).await;
        for (place, rank) in [(1, 2), (2, 1)] {
            let select = format!(".rank:nth-of-type({place}) select");
            tab_to(browser, &select).await;
            for _ in 0..rank {
                browser.press(Key::Down).await;
            }
        }
        tab_to(browser, "form.ballot button").await;
        browser.press(Key::Enter).await;
        assert_eq!(browser.text("#recorded").await, "Your vote is recorded");
        let said = browser.text(".facts dd").await;
        assert_eq!(said, "1. The green room, 2. The attic");
    })
    .await;
}

/// V21, V23, V28, T5.
#[tokio::test]
async fn uma_votes_in_secret_goes_back_once_and_finds_her_ballot_counted() {
    as_every_reader(async |browser, site| {
        let poll = site.poll(WEEK).await;
        browser.goto(&poll).await;
        browser.click_text("No").await;
        browser.follow_text("Continue").await;
        assert_eq!(browser.text("h1").await, "Check your vote");
        browser.follow_text("Back").await;
        assert_eq!(browser.text(".choice:has(:checked)").await, "No");
        browser.follow_text("Continue").await;
        browser.follow_text("Cast my vote").await;
        let code = browser.text(".receipt").await;
        assert_eq!(code.len(), 19, "{code}");
        browser.goto(format!("{poll}voted/")).await;
        assert!(!browser.has(".receipt").await, "a code is shown once");

        let id = poll.trim_end_matches('/').rsplit('/').next();
        let id = PollId(id.and_then(|id| id.parse().ok()).expect("a number"));
        let state = &site.state;
        take(&state.polls, Step::Close, id, state.clock.now()).await;
        browser.goto(format!("{poll}receipt/")).await;
        browser.fill("#code", &code.to_lowercase()).await;
        browser.submit("form.sheet").await;
        let answer = browser.text(".note").await;
        assert!(answer.starts_with("In the count."), "{answer}");
    })
    .await;
}
