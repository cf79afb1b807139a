//! Sign-in and sign-out as browsers really do them: tabs, history, a session that ends meanwhile.

use crate::support::{
    browser::{Browser, Options},
    real_op::AtProvider,
    served::Served,
};

const MEETING: &str = "Which day suits the weekly meeting?";
const LIBRARY: &str = "Should the library stay open until 20:00 on Thursdays?";

async fn start() -> (Browser, Served) {
    (Browser::without_javascript().await, Served::start().await)
}

/// S-1, M-6.
#[tokio::test]
async fn two_tabs_that_finish_in_reverse_order_each_arrive_where_they_wanted() {
    let browser = Browser::start(Options::default()).await;
    let site = Served::start().await;
    let first = browser.tab().await;
    browser.goto(site.poll(MEETING).await).await;
    browser.new_tab().await;
    browser.goto(site.poll(LIBRARY).await).await;

    browser.follow("#pick-uma").await;
    assert_eq!(browser.text("h1").await, LIBRARY);
    browser.turn_to(&first).await;
    browser.follow("#pick-uma").await;
    assert_eq!(browser.text("h1").await, MEETING);
    assert_eq!(site.number("SELECT COUNT(*) FROM sessions").await, 1);

    browser.click_text("Thursday afternoon").await;
    browser.follow_text("Cast my vote").await;
    assert_eq!(browser.text("h1").await, "Your vote is recorded");
}

/// N-1, SEC-20.
#[tokio::test]
async fn a_restored_callback_tab_is_no_error_while_signed_in_and_a_new_start_afterwards() {
    let (browser, site) = start().await;
    browser
        .goto(site.url("/oidc/authenticate/?next=/polls/"))
        .await;
    let mut provider = AtProvider::open(browser.url().await.as_str()).await;
    let uma = provider.page.attributes("#pick-uma", "value");
    provider.submit(&[("sub", &uma[0])]).await;
    let callback = site.url(&provider.back());

    browser.goto(&callback).await;
    assert_eq!(browser.path().await, "/polls/");
    let tab = browser.tab().await;
    browser.new_tab().await;
    browser.goto(&callback).await;
    assert_eq!(browser.path().await, "/polls/", "restored while signed in");
    assert_eq!(site.number("SELECT COUNT(*) FROM sessions").await, 1);

    browser.follow_text("Sign out").await;
    browser.turn_to(&tab).await;
    browser.goto(&callback).await;
    assert_eq!(browser.text("h1").await, "This sign-in was already used");
    browser.follow_text("Sign in again").await;
    browser.follow("#pick-uma").await;
    assert_eq!(browser.path().await, "/polls/", "the target is kept");
}

/// N-4, R-1.
#[tokio::test]
async fn nora_gets_in_with_another_account_although_the_provider_remembers_her() {
    let (browser, site) = start().await;
    site.sign_in(&browser, "pick-nora", "/polls/").await;
    assert_eq!(browser.text("h1").await, "You have no role here yet");
    for _ in 0..2 {
        browser.follow_text("Use another account").await;
        assert_eq!(browser.text("h1").await, "Demo sign-in", "she is asked");
        browser.back().await;
    }
    browser.forward().await;
    browser.follow("#pick-uma").await;
    assert_eq!(browser.path().await, "/polls/");
}

/// N-9, M-32.
#[tokio::test]
async fn a_vote_cast_after_the_session_ended_comes_back_filled_in_and_unsent() {
    let (browser, site) = start().await;
    site.sign_in(&browser, "pick-uma", "/").await;
    browser.follow_text(MEETING).await;
    browser.click_text("Tuesday afternoon").await;
    site.execute("DELETE FROM sessions").await;
    let before = site.number("SELECT COUNT(*) FROM ballots").await;

    // The provider remembers her: she is back at once.
    browser.follow_text("Cast my vote").await;
    assert_eq!(browser.text("h1").await, MEETING);
    let note = browser.text(".flash").await;
    assert!(note.contains("not recorded"), "{note}");
    assert_eq!(site.number("SELECT COUNT(*) FROM ballots").await, before);
    assert_eq!(
        browser.texts(".choice:has(:checked)").await,
        ["Tuesday afternoon"]
    );

    browser.follow_text("Cast my vote").await;
    assert_eq!(browser.text("h1").await, "Your vote is recorded");
    assert_eq!(
        site.number("SELECT COUNT(*) FROM ballots").await,
        before + 1
    );
}
