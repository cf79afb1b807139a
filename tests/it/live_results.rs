//! Numbers that move while staff look at them, and numbers on paper; in a real browser.

use rolecall::polls::{PollId, editing::Step};

use crate::support::{
    browser::{Browser, Options},
    polls::{paper, pick, take, voter},
    served::Served,
};

const WORKSHOPS: &str = "Which workshops should we run in spring?";
const PARTY: &str = "Where do we hold the summer party?";
/// Somebody comes back to the tab, which refreshes it at once.
const COME_BACK: &str = "document.dispatchEvent(new Event('visibilitychange'))";

async fn id_of(site: &Served, question: &str) -> PollId {
    let poll = site.poll(question).await;
    let id = poll.trim_end_matches('/').rsplit('/').next();
    PollId(id.and_then(|id| id.parse().ok()).expect("a number"))
}

async fn vote(site: &Served, id: PollId, subject: &str) {
    let state = &site.state;
    let now = state.clock.now();
    let person = voter(&state.users, subject, rolecall::users::Role::User, now).await;
    let selection = pick(&paper(&state.polls, id).await, &[0]);
    let cast = state.polls.cast(id, person, selection, now).await;
    cast.expect("a vote");
}

/// R12: the total is said, the table follows, and the page is the same one.
#[tokio::test]
async fn numbers_of_an_open_poll_follow_the_votes_without_a_reload() {
    let site = Served::start().await;
    let browser = Browser::start(Options::default()).await;
    site.sign_in(&browser, "pick-stan", "/").await;
    let id = id_of(&site, WORKSHOPS).await;
    browser
        .goto(site.url(&format!("/polls/{id}/results/")))
        .await;
    assert_eq!(browser.text("#live-total").await, "6 votes so far");
    assert_eq!(browser.texts("[aria-live]").await.len(), 1);
    assert!(!browser.has("form[action*=vote]").await);
    browser.execute("window.isTheSamePage = true", vec![]).await;
    vote(&site, id, "late").await;
    browser.execute(COME_BACK, vec![]).await;
    browser.await_text("#live-total", "7 votes so far").await;
    let first = browser.text("table.results tbody tr").await;
    assert!(first.contains('4'), "{first}");
    let same = browser.execute("return window.isTheSamePage", vec![]).await;
    assert_eq!(same, true);
    take(&site.state.polls, Step::Close, id, site.state.clock.now()).await;
    browser.execute(COME_BACK, vec![]).await;
    browser.await_text(".tag.closed", "Closed").await;
    assert!(!browser.has("#live-total").await);
    assert!(!browser.has("script").await);
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// R12: a script that refreshes takes no message away from the person.
#[tokio::test]
async fn without_scripts_a_link_refreshes_the_numbers() {
    let site = Served::start().await;
    let browser = Browser::without_javascript().await;
    site.sign_in(&browser, "pick-stan", "/").await;
    let id = id_of(&site, WORKSHOPS).await;
    browser
        .goto(site.url(&format!("/polls/{id}/results/")))
        .await;
    vote(&site, id, "late").await;
    browser.follow_text("Refresh").await;
    assert_eq!(browser.text("#live-total").await, "7 votes so far");
}

/// R16.
#[tokio::test]
async fn on_paper_there_is_no_navigation_bars_are_outlines_and_the_seal_stands_below() {
    let site = Served::start().await;
    let browser = Browser::start(Options::default()).await;
    site.sign_in(&browser, "pick-stan", "/").await;
    let id = id_of(&site, PARTY).await;
    let address = site.url(&format!("/polls/{id}/results/"));
    browser.goto(&address).await;
    browser.print_style().await;
    for hidden in [".site-nav", ".breadcrumbs", ".person", ".actions"] {
        assert!(!browser.is_shown(hidden).await, "{hidden}");
    }
    let fill = "return getComputedStyle(document.querySelector('.bar rect')).fill";
    assert_eq!(browser.execute(fill, vec![]).await, "none");
    let foot = browser.text("footer .print-only").await;
    let seal = site.state.polls.find_seal(id).await.expect("an answer");
    let seal = seal.expect("a seal").digest();
    assert_eq!(foot, format!("{address} · Seal {seal}"));
}
