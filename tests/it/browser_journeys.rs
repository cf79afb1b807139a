//! What people come for, from the first click to the last, in a real browser; with scripts and
//! without.

use fantoccini::key::Key;

use crate::support::{
    browser::{Browser, Options},
    served::Served,
};

const MEETING: &str = "Which day suits the weekly meeting?";
const LIBRARY: &str = "Should the library stay open until 20:00 on Thursdays?";
const PARTY: &str = "Where do we hold the summer party?";

/// Goes the same way twice: once scripts may run, once not.
pub async fn with_scripts_and_without(journey: impl AsyncFn(Browser, Served)) {
    for javascript in [true, false] {
        let browser = Browser::start(Options {
            javascript,
            ..Options::default()
        });
        journey(browser.await, Served::start().await).await;
    }
}

#[tokio::test]
async fn uma_signs_in_votes_is_told_so_and_sees_it_again_when_she_comes_back() {
    with_scripts_and_without(async |browser, site| {
        browser.goto(site.url("/")).await;
        assert!(browser.text(".demo").await.starts_with("Demo."));
        browser.follow_text("Sign in").await;
        browser.follow("#pick-uma").await;
        assert_eq!(browser.text("h1").await, "Hello, Uma Umbach");
        browser.follow_text(MEETING).await;
        browser.click_text("Tuesday afternoon").await;
        browser.follow_text("Cast my vote").await;
        assert_eq!(browser.text("h1").await, "Your vote is recorded");
        assert_eq!(browser.text(".facts dd").await, "Tuesday afternoon");

        browser.goto(site.poll(MEETING).await).await;
        let note = browser.text(".note").await;
        assert!(note.starts_with("Your vote is recorded."), "{note}");
        assert!(!browser.has("form.ballot").await, "a second paper");
        assert_eq!(browser.complaints().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn uma_changes_a_vote_that_may_be_changed() {
    with_scripts_and_without(async |browser, site| {
        let poll = site.poll(LIBRARY).await;
        site.sign_in(&browser, "pick-uma", "/").await;
        browser.goto(&poll).await;
        browser.click_text("Yes").await;
        browser.follow_text("Cast my vote").await;
        browser.follow_text("change your vote").await;
        browser.click_text("No").await;
        browser.follow_text("Change my vote").await;
        assert_eq!(browser.text(".facts dd").await, "No");
    })
    .await;
}

///
#[tokio::test]
async fn uma_cannot_open_results_and_is_told_which_roles_can() {
    with_scripts_and_without(async |browser, site| {
        let results = format!("{}results/", site.poll(PARTY).await);
        site.sign_in(&browser, "pick-uma", "/").await;
        browser.goto(&results).await;
        assert_eq!(
            browser.text("h1").await,
            "You do not have access to this page"
        );
        let why = browser.text(".lede").await;
        assert!(why.contains("the role staff or admin"), "{why}");
        assert!(!browser.has("table").await, "numbers on the page");
    })
    .await;
}

#[tokio::test]
async fn stan_reads_results() {
    with_scripts_and_without(async |browser, site| {
        site.sign_in(&browser, "pick-stan", "/").await;
        browser
            .follow(&format!(
                "section[aria-labelledby=results] a[href='{}results/']",
                site.poll(PARTY).await.replace(&site.url(""), "")
            ))
            .await;
        assert_eq!(browser.text("h1").await, PARTY);
        assert_eq!(browser.text("tbody tr").await, "The boathouse\n6 54.5 %");
        let outcome = browser.text(".outcome").await;
        assert!(outcome.contains("The boathouse"), "{outcome}");
    })
    .await;
}

#[tokio::test]
async fn ada_adds_a_poll_in_the_console_and_opens_it_and_uma_finds_it() {
    with_scripts_and_without(async |browser, site| {
        site.sign_in(&browser, "pick-ada", "/admin/").await;
        browser.follow_text("Add a poll").await;
        browser.fill("#question", "What is for lunch?").await;
        browser.fill("#choice-1", "Soup").await;
        browser.fill("#choice-2", "Salad").await;
        browser.follow_text("Save and continue editing").await;
        browser.follow_text("Open the poll").await;
        assert_eq!(browser.text(".lede").await, "What is for lunch?");
        browser.submit("form[action*=open]").await;
        assert!(browser.text(".flash.success").await.contains("open"));
        assert_eq!(browser.complaints().await, [""; 0]);

        browser.follow_text("Sign out").await;
        site.sign_in(&browser, "pick-uma", "/polls/").await;
        browser.follow_text("What is for lunch?").await;
        assert_eq!(browser.texts(".choice").await, ["Soup", "Salad"]);
    })
    .await;
}

/// Z-4, N-3.
#[tokio::test]
async fn nora_is_refused_with_the_reason_and_leaves_no_trace() {
    with_scripts_and_without(async |browser, site| {
        let before = site.number("SELECT COUNT(*) FROM users").await;
        site.sign_in(&browser, "pick-nora", "/polls/").await;
        assert_eq!(browser.text("h1").await, "You have no role here yet");
        let why = browser.text(".lede").await;
        assert!(why.contains("no role (admin, staff or user)"), "{why}");
        assert!(
            why.contains("nothing is kept but a note of this attempt"),
            "{why}"
        );
        assert_eq!(site.number("SELECT COUNT(*) FROM users").await, before);
        assert_eq!(site.number("SELECT COUNT(*) FROM sessions").await, 0);
        assert_eq!(browser.complaints().await, [""; 0]);

        browser
            .follow_text("Sign out at the sign-in provider")
            .await;
        assert_eq!(browser.text("h1").await, "You are signed out");
        assert_eq!(browser.complaints().await, [""; 0]);
    })
    .await;
}

/// A-4, L-1.
#[tokio::test]
async fn sign_out_ends_both_sides_and_the_next_sign_in_asks_again() {
    with_scripts_and_without(async |browser, site| {
        site.sign_in(&browser, "pick-uma", "/").await;
        browser.follow_text("Sign out").await;
        assert_eq!(browser.path().await, "/oidc/logout/");
        assert_eq!(
            browser.text(".lede").await,
            "Your session here and the one at the sign-in provider have ended."
        );
        assert_eq!(
            browser.complaints().await,
            [""; 0],
            "the policy lets it through"
        );

        browser.follow_text("Sign in again").await;
        assert_eq!(browser.text("h1").await, "Demo sign-in");
        browser.follow("#pick-stan").await;
        assert_eq!(browser.text("h1").await, "Hello, Stan Stark");
    })
    .await;
}

#[tokio::test]
async fn somebody_whom_the_provider_remembers_is_not_asked_again() {
    let (browser, site) = (Browser::without_javascript().await, Served::start().await);
    site.sign_in(&browser, "pick-uma", "/").await;
    browser.forget_cookie("rolecall").await;
    browser.goto(site.url("/oidc/authenticate/")).await;
    assert_eq!(browser.text("h1").await, "Hello, Uma Umbach");
}

/// S-1.
#[tokio::test]
async fn two_tabs_that_sign_in_at_once_both_arrive() {
    let (browser, site) = (
        Browser::start(Options::default()).await,
        Served::start().await,
    );
    let first = browser.tab().await;
    browser.goto(site.poll(MEETING).await).await;
    let second = browser.new_tab().await;
    browser.goto(site.poll(LIBRARY).await).await;

    browser.turn_to(&first).await;
    browser.follow("#pick-uma").await;
    assert_eq!(browser.text("h1").await, MEETING);
    browser.turn_to(&second).await;
    browser.follow("#pick-uma").await;
    assert_eq!(browser.text("h1").await, LIBRARY);

    browser.turn_to(&first).await;
    browser.click_text("Thursday afternoon").await;
    browser.follow_text("Cast my vote").await;
    // The second sign-in began a new session of the same person, whose open forms still count.
    assert_eq!(browser.text("h1").await, "Your vote is recorded");
}

/// N-1, SEC-22.
#[tokio::test]
async fn going_back_after_sign_in_is_no_error() {
    with_scripts_and_without(async |browser, site| {
        browser.goto(site.url("/")).await;
        browser.follow_text("Sign in").await;
        browser.follow("#pick-uma").await;
        // Her session at the provider sends her straight back, with a sign-in that is over.
        browser.back().await;
        assert_eq!(browser.text("h1").await, "Hello, Uma Umbach");
        browser.forward().await;
        assert_eq!(browser.text("h1").await, "Hello, Uma Umbach");
    })
    .await;
}

#[tokio::test]
async fn a_vote_without_a_choice_is_told_above_the_paper_with_the_focus_there() {
    with_scripts_and_without(async |browser, site| {
        site.sign_in(&browser, "pick-uma", "/").await;
        browser.follow_text(MEETING).await;
        browser.follow_text("Cast my vote").await;
        let summary = browser.text(".error-summary:focus").await;
        assert!(summary.starts_with("There is a problem"), "{summary}");
        assert!(browser.title().await.starts_with("Error: "));
        assert_eq!(browser.text("legend h1").await, MEETING);

        browser.click(".error-summary a").await;
        assert!(browser.has("input[name=choice]:focus").await);
        browser.click_text("Monday morning").await;
        browser.follow_text("Cast my vote").await;
        assert_eq!(browser.text("h1").await, "Your vote is recorded");
    })
    .await;
}

#[tokio::test]
async fn too_many_choices_are_refused_and_stay_ticked() {
    with_scripts_and_without(async |browser, site| {
        site.sign_in(&browser, "pick-uma", "/").await;
        browser
            .follow_text("Which workshops should we run in spring?")
            .await;
        for choice in [
            "First aid",
            "Bicycle repair",
            "Speaking in public",
            "Accessible documents",
        ] {
            browser.click_text(choice).await;
        }
        browser.follow_text("Cast my vote").await;
        assert!(browser.has(".error-summary").await);
        assert_eq!(browser.texts(".choice:has(:checked)").await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_vote_can_be_cast_with_the_keyboard_alone() {
    with_scripts_and_without(async |browser, site| {
        site.sign_in(&browser, "pick-uma", "/").await;
        browser.goto(site.poll(MEETING).await).await;
        tab_to(&browser, "input[name=choice]").await;
        browser.press(Key::Space).await;
        browser.press(Key::Down).await;
        assert_eq!(
            browser.text(".choice:has(:checked)").await,
            "Tuesday afternoon"
        );
        tab_to(&browser, "form.ballot button").await;
        browser.press(Key::Enter).await;
        assert_eq!(browser.text("#recorded").await, "Your vote is recorded");
    })
    .await;
}

/// Presses Tab until the focus is where `css` says, as often as a page may ask for at most.
pub async fn tab_to(browser: &Browser, css: &str) {
    let focus = format!("{css}:focus");
    for _ in 0..25 {
        if browser.has(&focus).await {
            return;
        }
        browser.press(Key::Tab).await;
    }
    panic!("{css} cannot be reached with the Tab key");
}
