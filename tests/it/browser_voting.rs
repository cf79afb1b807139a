//! Every way a visit to a poll can go, in a real browser, as readers with different screens see
//! it.

use fantoccini::key::Key;
use rolecall::{
    polls::{
        PollId,
        editing::{PollDraft, Step},
    },
    users::Role,
};

use crate::{
    browser_journeys::tab_to,
    support::{
        browser::{Browser, Options},
        polls::{draft, open, take},
        served::Served,
    },
};

const MEETING: &str = "Which day suits the weekly meeting?";
const WORKSHOPS: &str = "Which workshops should we run in spring?";
const WEEK: &str = "Should we try a week of four days?";

/// With scripts or without, on a phone or at a desk, in light or in dark: each of these together
/// with each of the others.
const READERS: [(bool, u32, bool); 4] = [
    (true, 320, false),
    (true, 1280, true),
    (false, 320, true),
    (false, 1280, false),
];

/// Goes the same way as each reader, signed in as Uma.
pub async fn as_every_reader(journey: impl AsyncFn(&Browser, &Served)) {
    for (javascript, width, dark) in READERS {
        let options = Options {
            javascript,
            width,
            dark,
            ..Options::default()
        };
        let (browser, site) = (Browser::start(options).await, Served::start().await);
        site.sign_in(&browser, "pick-uma", "/").await;
        journey(&browser, &site).await;
        assert_eq!(browser.complaints().await, [""; 0], "{options:?}");
        assert_eq!(browser.sideways().await, 0, "{options:?}");
    }
}

/// The poll at this address.
fn id(address: &str) -> PollId {
    let id = address.trim_end_matches('/').rsplit('/').next();
    PollId(id.and_then(|id| id.parse().ok()).expect("a number"))
}

/// V11, V13, V20, V28, X6.
#[tokio::test]
async fn uma_votes_changes_her_vote_and_abstains() {
    as_every_reader(async |browser, site| {
        let (polls, now) = (&site.state.polls, site.state.clock.now());
        let changeable = PollDraft {
            allow_change: true,
            allow_abstain: true,
            ..draft("What is for lunch?", &["Soup", "Salad"])
        };
        open(polls, changeable, now).await;
        browser.goto(site.url("/polls/")).await;
        browser.follow_text("What is for lunch?").await;
        assert!(!browser.has(":checked").await, "nothing is chosen already");
        browser.click_text("Soup").await;
        browser.follow_text("Cast my vote").await;
        assert_eq!(browser.text(".facts dd").await, "Soup");
        for choice in ["Salad", "I abstain"] {
            browser.follow_text("change your vote").await;
            browser.click_text(choice).await;
            browser.follow_text("Change my vote").await;
            assert_eq!(browser.text(".facts dd").await, choice);
        }
    })
    .await;
}

/// V12, V28, X6.
#[tokio::test]
async fn uma_ticks_several_choices_with_the_keyboard_alone() {
    as_every_reader(async |browser, site| {
        browser.goto(site.poll(WORKSHOPS).await).await;
        for place in [1, 3] {
            tab_to(browser, &format!(".choice:nth-of-type({place}) input")).await;
            browser.press(Key::Space).await;
        }
        let ticked = browser.texts(".choice:has(:checked)").await;
        assert_eq!(ticked.len(), 2, "{ticked:?}");
        tab_to(browser, "form.ballot button").await;
        browser.press(Key::Enter).await;
        let said = browser.text(".facts dd").await;
        assert_eq!(said, ticked.join(", "));
    })
    .await;
}

/// V21, V28, X6.
#[tokio::test]
async fn uma_votes_in_secret_with_the_keyboard_alone() {
    as_every_reader(async |browser, site| {
        browser.goto(site.poll(WEEK).await).await;
        tab_to(browser, "input[name=choice]").await;
        browser.press(Key::Space).await;
        let chosen = browser.text(".choice:has(:checked)").await;
        tab_to(browser, "form.ballot button").await;
        browser.press(Key::Enter).await;
        assert_eq!(browser.text("button[value=back]").await, "Back");
        assert!(browser.text("main").await.contains(&chosen));
        tab_to(browser, ".actions .button:not([value=back])").await;
        browser.press(Key::Enter).await;
        assert_eq!(browser.text("#recorded").await, "Your vote is recorded");
        assert_eq!(browser.text(".receipt").await.len(), 19);
    })
    .await;
}

/// V9, V17, V28, X9.
#[tokio::test]
async fn uma_comes_too_late_and_to_a_poll_that_asks_others() {
    as_every_reader(async |browser, site| {
        let (polls, now) = (&site.state.polls, site.state.clock.now());
        let address = site.poll(MEETING).await;
        browser.goto(&address).await;
        browser.click_text("Monday morning").await;
        take(polls, Step::Close, id(&address), now).await;
        browser.follow_text("Cast my vote").await;
        assert_eq!(browser.text("h1").await, "This poll has closed");
        assert_eq!(browser.complaints().await, [""; 0]);
        browser.goto(&address).await;
        assert!(!browser.has("form.ballot").await, "a paper");

        let for_staff = PollDraft {
            roles: [Role::Staff].into_iter().collect(),
            ..draft("Who covers the desk?", &["Stan", "Ada"])
        };
        let desk = open(polls, for_staff, now).await;
        browser.goto(site.url(&format!("/polls/{desk}/"))).await;
        let note = browser.text(".note").await;
        assert!(note.starts_with("You cannot vote in this poll."), "{note}");
        assert!(!browser.has("form.ballot").await, "a paper");
    })
    .await;
}

/// V30, N-9, V28.
#[tokio::test]
async fn a_vote_that_came_after_the_session_waits_behind_the_sign_in_unless_it_is_secret() {
    as_every_reader(async |browser, site| {
        browser.goto(site.poll(MEETING).await).await;
        browser.click_text("Monday morning").await;
        site.execute("DELETE FROM sessions").await;
        browser.follow_text("Cast my vote").await;
        let said = browser.text(".flash.error").await;
        assert!(said.contains("not recorded"), "{said}");
        assert_eq!(
            browser.text(".choice:has(:checked)").await,
            "Monday morning"
        );
        browser.follow_text("Cast my vote").await;
        assert_eq!(browser.text("h1").await, "Your vote is recorded");

        browser.goto(site.poll(WEEK).await).await;
        browser.click_text("No").await;
        site.execute("DELETE FROM sessions").await;
        browser.follow_text("Continue").await;
        let said = browser.text(".flash.error").await;
        assert!(said.contains("choose again"), "{said}");
        assert!(!browser.has(":checked").await, "a secret that was kept");
    })
    .await;
}
