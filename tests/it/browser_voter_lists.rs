//! The pages of voter lists, of several polls at once and of a program that asks to be let in,
//! as they look.

use rolecall::{
    audit::Actor,
    polls::{
        PollId, RollMode,
        editing::{PollDraft, Step},
        roll::Invite,
    },
};

use crate::{
    browser_pages::Tour,
    support::polls::{create, draft, open, take},
};

/// A draft with a list of voters, on which these addresses stand.
async fn listed(tour: &Tour, question: &str, addresses: &[&str]) -> PollId {
    let state = &tour.site.state;
    let (polls, now) = (&state.polls, state.clock.now());
    let listed = PollDraft {
        roll_mode: RollMode::List,
        ..draft(question, &["You", "I"])
    };
    let id = create(polls, listed, now).await;
    let invites = addresses.iter().map(|address| Invite::email(address));
    let added = polls.invite_voters(id, invites.collect(), Actor::System, now);
    added.await.expect("the database answers");
    id
}

/// X1, V18.
#[tokio::test]
async fn pages_of_voter_lists() {
    let mut tour = Tour::signed_in("pick-ada").await;
    let state = &tour.site.state;
    let by_role = create(
        &state.polls,
        draft("By role?", &["Yes", "No"]),
        state.clock.now(),
    )
    .await;
    let empty = listed(&tour, "Who is it?", &[]).await;
    let long = "somebody.with.a.very.long.name@department.of.long.names.acme.example";
    let full = listed(&tour, "Who was it?", &["new@acme.example", long]).await;
    for (name, poll, path, heading) in [
        ("voters-by-role", by_role, "voters/", "Voters"),
        ("voters-empty", empty, "voters/", "Voters"),
        ("voters", full, "voters/", "Voters"),
        ("voters-none", full, "voters/?q=nobody", "Voters"),
        (
            "voters-narrowed",
            full,
            "voters/?kind=email&sort=-name&facets=1",
            "Voters",
        ),
        ("voters-pick", full, "voters/people/", "Pick voters"),
        (
            "voters-pick-none",
            full,
            "voters/people/?q=nobody",
            "Pick voters",
        ),
        ("voters-upload", full, "voters/upload/", "Upload voters"),
        ("delete-with-list", full, "delete/", "Delete this poll?"),
    ] {
        let address = tour.console(poll, path);
        tour.visit(name, &address, heading).await;
    }
    for (name, lines) in [
        ("voters-upload-nothing", ""),
        ("voters-preview-faults", "not one\n"),
        ("voters-preview", "more@acme.example\nada@acme.example\n"),
    ] {
        tour.browser
            .goto(tour.console(full, "voters/upload/"))
            .await;
        tour.browser.fill("#lines", lines).await;
        tour.browser.submit("form.sheet").await;
        let heading = if lines.is_empty() {
            "Upload voters"
        } else {
            "Add these voters?"
        };
        tour.look(name, heading).await;
    }
    tour.browser.goto(tour.console(full, "voters/")).await;
    tour.browser.click("#action option[value=remove]").await;
    tour.browser.click("#which option[value=page]").await;
    tour.browser.submit("#bulk").await;
    tour.look("voters-bulk", "Take 2 people off the list?")
        .await;
    let state = &tour.site.state;
    take(&state.polls, Step::Open, full, state.clock.now()).await;
    let address = tour.console(full, "voters/");
    tour.visit("voters-open", &address, "Voters").await;
    tour.end();
}

/// X1, A12.
#[tokio::test]
async fn the_page_that_asks_about_several_polls() {
    let mut tour = Tour::signed_in("pick-ada").await;
    let state = &tour.site.state;
    let (polls, now) = (&state.polls, state.clock.now());
    create(polls, draft("Open soon?", &["Yes", "No"]), now).await;
    open(polls, draft("Open soon enough?", &["Yes", "No"]), now).await;
    tour.browser
        .goto(tour.site.url("/admin/polls/?q=soon"))
        .await;
    tour.browser.click("#action option[value=close]").await;
    tour.browser.click("#which option[value=page]").await;
    tour.browser.submit("#bulk").await;
    tour.look("admin-polls-bulk", "Close 1 poll?").await;
    tour.end();
}

/// X1, A12, A13, A38.
#[tokio::test]
async fn the_pages_that_ask_about_several_people_and_sessions() {
    let mut tour = Tour::signed_in("pick-ada").await;
    for (name, list, action) in [
        ("admin-users-bulk-deactivate", "users/?q=a", "deactivate"),
        ("admin-bulk-nothing", "users/?q=ada", "end"),
        ("admin-sessions-bulk", "sessions/", "end"),
    ] {
        let address = tour.site.url(&format!("/admin/{list}"));
        tour.browser.goto(address).await;
        let option = format!("#action option[value={action}]");
        tour.browser.click(&option).await;
        tour.browser.click("#which option[value=page]").await;
        tour.browser.submit("#bulk").await;
        let heading = tour.browser.text("h1").await;
        let asks = name == "admin-users-bulk-deactivate";
        assert_eq!(heading.ends_with('?'), asks, "{name}: {heading}");
        tour.look(name, &heading).await;
    }
    tour.end();
}

/// X1.
#[tokio::test]
async fn the_page_on_which_a_program_asks_to_be_let_in() {
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let mut tour = Tour::signed_in("pick-stan").await;
    let login = format!(
        "/api/auth/v2/login?redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2F&state=s\
         &code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    // The provider knows the browser by now.
    tour.browser.goto(tour.site.url(&login)).await;
    tour.look("program", "Let a program in?").await;
    tour.end();
}
