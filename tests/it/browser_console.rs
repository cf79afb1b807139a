//! The console in a browser that runs no script.

use rolecall::polls::PollId;

use crate::support::{
    browser::Browser,
    polls::{create, draft, open},
    served::Served,
};

/// Ada's browser, without scripts.
async fn ada(site: &Served) -> Browser {
    let browser = Browser::without_javascript().await;
    site.sign_in(&browser, "pick-ada", "/admin/").await;
    browser
}

/// Takes a step of the poll at `path`; in what state the poll is then.
async fn take(browser: &Browser, site: &Served, path: &str, step: &str) -> String {
    browser.goto(site.url(&format!("{path}{step}/"))).await;
    browser.submit(&format!("form[action*={step}]")).await;
    browser.text("p.meta .tag").await
}

/// A15, A19, A31, R2.
#[tokio::test]
async fn a_poll_goes_through_its_whole_life_without_scripts() {
    let site = Served::start_empty().await;
    let browser = ada(&site).await;
    browser.follow_text("Add a poll").await;
    browser.fill("#question", "Which colour?").await;
    for number in 1..=5 {
        if number > 3 {
            browser.follow("button[value=add-choice]").await;
        }
        let colours = ["Red", "Green", "Blue", "White", "Black"];
        browser
            .fill(&format!("#choice-{number}"), colours[number - 1])
            .await;
    }
    browser.fill("#zone", "America/New_York").await;
    browser.click("#results-on_release").await;
    browser.follow_text("Save and continue editing").await;
    browser.follow("button[value=up-5]").await;
    browser.follow_text("Save and continue editing").await;
    let path = browser.path().await;
    browser.goto(site.url(&format!("{path}preview/"))).await;
    let paper = browser.texts(".choice").await;
    assert_eq!(paper, ["Red", "Green", "Blue", "Black", "White"]);
    for (step, state) in [
        ("open", "Open"),
        ("close", "Closed"),
        ("release", "Results released"),
        ("archive", "Archived"),
        ("restore", "Results released"),
    ] {
        assert_eq!(take(&browser, &site, &path, step).await, state, "{step}");
    }
    browser.follow_text("History").await;
    let told = browser.texts("td[data-label=What]").await;
    assert!(told.len() >= 7, "{told:?}");
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// A field that a browser fills in with a picker of its own.
async fn choose_time(browser: &Browser, css: &str, time: &str) {
    let choose = "document.querySelector(arguments[0]).value = arguments[1]";
    let arguments = vec![css.into(), time.into()];
    browser.execute(choose, arguments).await;
}

/// A33, V10: the hours are those of the poll's zone, wherever Ada's browser is.
#[tokio::test]
async fn polls_are_scheduled_in_another_time_zone_and_extended_without_scripts() {
    let site = Served::start_empty().await;
    let browser = ada(&site).await;
    let (opens, closes) = ("2099-07-01T09:00", "2099-07-02T09:00");
    for (question, starts, ends, state) in [
        ("Later?", opens, closes, "Scheduled"),
        ("Now?", "", opens, "Open"),
    ] {
        browser.goto(site.url("/admin/polls/new/")).await;
        browser.fill("#question", question).await;
        browser.fill("#choice-1", "Yes").await;
        browser.fill("#choice-2", "No").await;
        browser.fill("#zone", "America/New_York").await;
        choose_time(&browser, "#opens_at", starts).await;
        choose_time(&browser, "#closes_at", ends).await;
        browser.follow_text("Save and continue editing").await;
        let path = browser.path().await;
        assert_eq!(take(&browser, &site, &path, "open").await, state);
    }
    // 13:00 UTC, in the summer of New York.
    let scheduled = "SELECT opens_at FROM polls WHERE question = 'Later?'";
    assert_eq!(site.number(scheduled).await, 4_086_594_000_000);
    let path = browser.path().await;
    browser.goto(site.url(&format!("{path}times/"))).await;
    choose_time(&browser, "#closes_at", closes).await;
    browser.fill("#reason", "Two people were ill.").await;
    browser.submit("form.sheet").await;
    let facts = browser.text("dl.facts").await;
    assert!(facts.contains("2 July 2099"), "{facts}");
    let extended = "SELECT closes_at - extended_from FROM polls WHERE question = 'Now?'";
    assert_eq!(site.number(extended).await, 86_400_000);
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// A12.
#[tokio::test]
async fn sixty_of_two_hundred_polls_are_closed_across_pages_and_some_are_skipped() {
    let site = Served::start_empty().await;
    let (polls, now) = (&site.state.polls, site.state.clock.now());
    let mut opened: Vec<PollId> = Vec::new();
    for number in 0..200 {
        let question = match number {
            0..70 => format!("Meeting {number}?"),
            _ => format!("Something else {number}?"),
        };
        let draft = draft(&question, &["Yes", "No"]);
        if number < 60 {
            opened.push(open(polls, draft, now).await);
        } else {
            create(polls, draft, now).await;
        }
    }
    let browser = ada(&site).await;
    browser.goto(site.url("/admin/polls/?q=meeting")).await;
    assert_eq!(browser.text("p.small").await, "70 of 200 polls");
    browser.click("#action option[value=close]").await;
    browser.click("#which option[value=all]").await;
    browser.submit("#bulk").await;
    assert_eq!(browser.text("h1").await, "Close 60 polls?");
    assert_eq!(browser.text("main h2").await, "10 stay as they are");
    browser.submit("form[action*=bulk]").await;
    assert_eq!(browser.text(".flash").await, "60 polls were closed.");
    assert_eq!(browser.path().await, "/admin/polls/");
    let closed = "SELECT COUNT(*) FROM polls WHERE closed_at IS NOT NULL";
    assert_eq!(site.number(closed).await, 60);
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// A38.
#[tokio::test]
async fn on_a_phone_the_button_that_ends_a_session_is_on_the_screen() {
    let site = Served::start().await;
    let other = Browser::without_javascript().await;
    site.sign_in(&other, "pick-uma", "/").await;
    let browser = Browser::start(crate::support::browser::Options::default()).await;
    site.sign_in(&browser, "pick-ada", "/admin/sessions/").await;
    browser.look_as(320, false).await;
    assert_eq!(browser.sideways().await, 0);
    let hidden = browser
        .execute(
            "return [...document.querySelectorAll('td .link-button')]
                 .filter(button => button.getBoundingClientRect().right > innerWidth).length",
            Vec::new(),
        )
        .await;
    assert_eq!(hidden, 0);
    browser.follow("td .link-button").await;
    assert_eq!(browser.text(".flash").await, "1 session has ended.");
}
