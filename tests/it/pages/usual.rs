//! A site in use, and the mistakes that people make there every day.

use std::time::Duration;

use axum::body::Body;
use http::{Request, header};
use rolecall::{
    assets,
    polls::{
        Method, RankedRule, Receipts, ResultsRule, Secrecy, Selection, VoterResults,
        editing::{PollDraft, Step},
    },
    seed,
    users::Role,
};

use super::{
    crawl::{Seen, note, open_page},
    voters,
};
use crate::support::{
    app::TestApp,
    person::{Person, Reply},
    polls::{create, draft, open, paper, take, voter},
};

/// A secret poll with receipts that closes while the tour goes on.
const CLOSES_SOON: &str = "Do we keep the old logo?";

/// The samples, and polls in the states that the samples leave out.
pub async fn fill(app: &TestApp) {
    let (polls, now) = (&app.state.polls, app.clock.now());
    seed::seed(polls, &app.state.users, now)
        .await
        .expect("samples");
    create(polls, draft("What is for lunch?", &["Soup"]), now).await;
    create(polls, draft("Tea or coffee?", &["Tea", "Coffee"]), now).await;
    let for_staff = PollDraft {
        roles: [Role::Staff].into_iter().collect(),
        ..draft("Who covers the desk?", &["Stan", "Ada"])
    };
    open(polls, for_staff.clone(), now).await;
    let later = PollDraft {
        opens_at: Some(now.plus(Duration::from_hours(24))),
        ..for_staff
    };
    open(polls, later, now).await;
    let before = now.minus(Duration::from_hours(2));
    let plants = draft("Who waters the plants?", &["You", "I"]);
    let waits = PollDraft {
        results: ResultsRule::OnRelease,
        voter_results: VoterResults::OnRelease,
        ..draft("Who feeds the cat?", &["You", "I"])
    };
    for over in [plants, waits] {
        let id = open(polls, over, before).await;
        take(polls, Step::Close, id, now).await;
    }
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        receipts: Receipts::Counted,
        review: false,
        closes_at: Some(now.plus(Duration::from_hours(30))),
        ..draft(CLOSES_SOON, &["Yes", "No"])
    };
    open(polls, secret, now).await;
    let ranked = PollDraft {
        secrecy: Secrecy::Secret,
        method: Method::Ranked,
        max_choices: 2,
        ..draft("Which motto?", &["Count on us", "Every vote once"])
    };
    open(polls, ranked, now).await;
    for rule in [RankedRule::InstantRunoff, RankedRule::Schulze] {
        ranked_and_closed(app, rule).await;
    }
    let never_opened = create(polls, draft("Who was first?", &["We", "They"]), now).await;
    take(polls, Step::Archive, never_opened, now).await;
}

/// A closed poll in which one choice drops out, and one ballot with it.
async fn ranked_and_closed(app: &TestApp, rule: RankedRule) {
    let (polls, now) = (&app.state.polls, app.clock.now());
    let ranked = PollDraft {
        method: Method::Ranked,
        ranked_rule: Some(rule),
        max_choices: 3,
        ..draft(
            &format!("Which plant, by {}?", rule.as_str()),
            &["Fern", "Ivy", "Palm"],
        )
    };
    let id = open(polls, ranked, now).await;
    let paper = paper(polls, id).await;
    for (number, place) in [0, 0, 1, 1, 2].into_iter().enumerate() {
        let subject = format!("gardener {number}");
        let user = voter(&app.state.users, &subject, Role::User, now).await;
        let ranking = Selection::Ranking(vec![paper[place].id]);
        polls.cast(id, user, ranking, now).await.expect("a vote");
    }
    take(polls, Step::Close, id, now).await;
}

/// Makes every mistake, and lets Uma and Stan vote.
pub async fn visit(app: &TestApp, seen: &mut Vec<Seen>) {
    sign_ins_that_do_not_succeed(app).await;
    a_program_that_asks(app, seen).await;
    mistakes_of_anybody(app, seen).await;
    mistakes_of_uma(app, seen).await;
    votes(app, seen).await;
    mistakes_of_ada(app, seen).await;
    voters::visit(app, seen).await;
}

/// Nora has no role, and somebody opens the address of Uma's sign-in in another browser.
async fn sign_ins_that_do_not_succeed(app: &TestApp) {
    app.anonymous().sign_in("pick-nora", "/").await;
    let callback = app.anonymous().ask_provider("pick-uma", "/").await;
    app.anonymous().get(&callback).await;
}

/// A program on Stan's computer asks to be let in.
async fn a_program_that_asks(app: &TestApp, seen: &mut Vec<Seen>) {
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let login = format!(
        "/api/auth/v2/login?redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2F&state=s\
         &code_challenge={challenge}&code_challenge_method=S256"
    );
    let mut stan = app.anonymous();
    let callback = stan.ask_provider_at(&login, "pick-stan").await;
    open_page("Stan, with a program,", &mut stan, &callback, seen).await;
}

async fn mistakes_of_anybody(app: &TestApp, seen: &mut Vec<Seen>) {
    let mut anonymous = app.anonymous();
    for path in [
        "/nowhere/",
        "/polls",
        "/polls/0/",
        "/polls/x/",
        "/static/nothing.css",
        "/user/x.css",
        "/oidc/callback/",
        "/oidc/callback/?code=x&state=x",
        "/oidc/logout/?ended=here",
        "/healthz",
        "/readyz",
        assets::APP_CSS.as_str(),
        assets::ICON.as_str(),
    ] {
        open_page("anonymous", &mut anonymous, path, seen).await;
    }
    let request = Request::put("/polls/").header(header::ACCEPT, "text/html");
    let not_allowed = anonymous.send(request, Body::empty()).await;
    note("anonymous, with PUT,", "/polls/", not_allowed, seen);
    let path = "/polls/4711/results/";
    let request = Request::get(path).header(header::ACCEPT, "application/json");
    let program = anonymous.send(request, Body::empty()).await;
    note("a program", path, program, seen);
}

async fn mistakes_of_uma(app: &TestApp, seen: &mut Vec<Seen>) {
    let mut uma = app.uma().await;
    for path in ["/admin/", "/polls/4711/", "/oidc/logout/"] {
        open_page("Uma", &mut uma, path, seen).await;
    }
    let huge = "x".repeat(70_000);
    let path = "/oidc/logout/";
    let too_large = uma.post(path, &[("padding", &huge)]).await;
    note("Uma, with 70 kB,", path, too_large, seen);
    let forged = uma.post_without_token(path, &[]).await;
    note("Uma, without a token,", path, forged, seen);
    let request = Request::post(path).header(header::ACCEPT, "text/html");
    let no_form = uma.send(request, Body::from("{}")).await;
    note("Uma, with JSON,", path, no_form, seen);
}

/// Uma votes in every open poll, and forgets to choose first; then one of the polls closes.
async fn votes(app: &TestApp, seen: &mut Vec<Seen>) {
    let (mut uma, mut stan) = (app.uma().await, app.stan().await);
    let home = uma.get("/").await;
    let waiting = home.attributes("[aria-labelledby=open] .card a", "href");
    for poll in &waiting {
        let vote = format!("{poll}vote/");
        let nothing = uma.post(&vote, &[]).await;
        note("Uma, choosing nothing,", &vote, nothing, seen);
        vote_for_the_first("Uma", &mut uma, poll, seen).await;
        open_page("Uma", &mut uma, &format!("{poll}receipt/"), seen).await;
    }
    vote_for_the_first("Stan", &mut stan, &waiting[0], seen).await;
    close(app, &waiting[0]).await;
    open_page("Uma", &mut uma, &format!("{}voted/", waiting[0]), seen).await;
    receipts(app, &mut uma, seen).await;
}

async fn close(app: &TestApp, poll: &str) {
    let id = poll.trim_matches(|c: char| !c.is_ascii_digit());
    let id = rolecall::polls::PollId(id.parse().expect("a number"));
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
}

/// Uma looks for the receipt that she was shown, for another one, and for none.
async fn receipts(app: &TestApp, uma: &mut Person<'_>, seen: &mut Vec<Seen>) {
    let told = seen.iter().rfind(|seen| {
        let is_poll = seen.reply.text.contains(CLOSES_SOON);
        is_poll && !seen.reply.text_of(".receipt").is_empty()
    });
    let told = told.expect("a confirmation with a receipt");
    let (code, poll) = (
        told.reply.text_of(".receipt"),
        told.path.replace("voted/", ""),
    );
    close(app, &poll).await;
    let path = format!("{poll}receipt/");
    for code in [code.as_str(), "0000-0000-0000-0000", "x"] {
        let answer = uma.post(&path, &[("code", code)]).await;
        note("Uma, with a receipt,", &path, answer, seen);
    }
}

async fn vote_for_the_first(
    who: &'static str,
    person: &mut Person<'_>,
    poll: &str,
    seen: &mut Vec<Seen>,
) {
    let paper = person.get(poll).await;
    let mut choices = paper.attributes("input[name=choice]", "value");
    let mut ranks = vec![""; paper.texts("select[name=rank]").len()];
    choices.truncate(ranks.len().max(1));
    if let Some(first) = ranks.first_mut() {
        *first = "1";
    }
    let choices = choices.iter().map(|choice| ("choice", choice.as_str()));
    let ranks = ranks.into_iter().map(|rank| ("rank", rank));
    let fields: Vec<_> = choices.chain(ranks).collect();
    let action = paper.attributes("form.ballot", "action").remove(0);
    let vote = format!("{poll}vote/");
    if action != vote {
        let review = person.post(&action, &fields).await;
        note(who, &action, review, seen);
    }
    let voted = person.post(&vote, &fields).await;
    let confirmation = voted.location().to_owned();
    note(who, &vote, voted, seen);
    open_page(who, person, &confirmation, seen).await;
}

/// Ada searches for nothing, forgets the question, repeats a choice, opens what is not ready and
/// saves what somebody else has changed.
async fn mistakes_of_ada(app: &TestApp, seen: &mut Vec<Seen>) {
    let mut ada = app.ada().await;
    for path in [
        "/admin/audit/?q=nothing",
        "/admin/audit/verify/",
        "/admin/sessions/?q=nobody",
        "/admin/polls/?facets=1&date=2026-03&size=25",
        "/admin/polls/?q=nothing",
        "/admin/users/?q=nobody",
        "/admin/users/?q=amara",
        "/admin/sign-ins/?q=nobody&outcome=ok&reason=x",
    ] {
        open_page("Ada", &mut ada, path, seen).await;
    }
    let new = "/admin/polls/new/";
    let mut flawed = fields(&ada.get(new).await);
    put(&mut flawed, "choice", 0, "Soup");
    put(&mut flawed, "choice", 1, "soup");
    note(
        "Ada, with a flaw,",
        new,
        send(&mut ada, new, &flawed).await,
        seen,
    );
    put(&mut flawed, "question", 0, "Soup or salad?");
    put(&mut flawed, "choice", 1, "Salad");
    let saved = send(&mut ada, new, &flawed).await;
    let list = saved.location().to_owned();
    note("Ada", new, saved, seen);
    open_page("Ada, with a message,", &mut ada, &list, seen).await;

    several_at_once(app, &mut ada, seen).await;
    people_of_ada(app, &mut ada, seen).await;

    let (polls, now) = (&app.state.polls, app.clock.now());
    let bare = create(polls, draft("Which colour?", &["Red"]), now).await;
    let edit = format!("/admin/polls/{bare}/");
    open_page("Ada", &mut ada, &format!("{edit}open/"), seen).await;
    let mut mine = fields(&ada.get(&edit).await);
    put(&mut mine, "question", 0, "Which shade?");
    send(&mut ada, &edit, &mine).await;
    put(&mut mine, "question", 0, "Which hue?");
    let stale = send(&mut ada, &edit, &mine).await;
    assert_eq!(stale.status, 409, "{}", stale.text);
    note("Ada, too late,", &edit, stale, seen);
}

/// What a browser would send of the page's form, but for the token.
fn fields(page: &Reply) -> Vec<(String, String)> {
    let form = "form.sheet input:not([type=radio], [type=checkbox], [name=csrf_token])";
    let ticked = "form.sheet input[checked]";
    let both = format!("{form}, {ticked}");
    let names = page.attributes(&both, "name");
    let values = page.attributes(&both, "value");
    names.into_iter().zip(values).collect()
}

/// Types into the field of this name, the `place`th of several.
fn put(fields: &mut [(String, String)], name: &str, place: usize, value: &str) {
    let mut named = fields.iter_mut().filter(|(known, _)| known == name);
    let (_, field) = named.nth(place).expect("a field of this name");
    value.clone_into(field);
}

async fn send(person: &mut Person<'_>, path: &str, fields: &[(String, String)]) -> Reply {
    let fields = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    person.post(path, &fields.collect::<Vec<_>>()).await
}

/// Ada is asked about polls that can be closed, and one that cannot.
async fn several_at_once(app: &TestApp, ada: &mut Person<'_>, seen: &mut Vec<Seen>) {
    let (polls, now) = (&app.state.polls, app.clock.now());
    let soon = PollDraft {
        closes_at: Some(now.plus(Duration::from_hours(90))),
        ..draft("Which snack?", &["Nuts", "Fruit"])
    };
    let open = open(polls, soon, now).await.to_string();
    let bare = create(polls, draft("Which drink?", &["Water"]), now)
        .await
        .to_string();
    let path = "/admin/polls/bulk/";
    let asked = ada
        .post(path, &[("action", "close"), ("id", &open), ("id", &bare)])
        .await;
    note("Ada", path, asked, seen);
    for (list, action) in [
        ("users", "deactivate"),
        ("users", "activate"),
        ("users", "end"),
        ("sessions", "end"),
    ] {
        let path = format!("/admin/{list}/bulk/");
        let all = [("action", action), ("which", "all")];
        note("Ada", &path, ada.post(&path, &all).await, seen);
    }
    // Nothing is left to do to a draft.
    let close = [("action", "close"), ("id", &bare)];
    note("Ada, in vain,", path, ada.post(path, &close).await, seen);
}

/// Somebody is erased, and two are merged.
async fn people_of_ada(app: &TestApp, ada: &mut Person<'_>, seen: &mut Vec<Seen>) {
    let (users, now) = (&app.state.users, app.clock.now());
    let mut ids = Vec::new();
    for subject in ["twin one", "twin two", "leaver"] {
        ids.push(voter(users, subject, Role::User, now).await);
    }
    let merge = format!("/admin/users/{}/merge/", ids[0]);
    for query in ["", "?q=twin", "?q=nobody", &format!("?other={}", ids[1])] {
        open_page("Ada", ada, &format!("{merge}{query}"), seen).await;
    }
    ada.post(&merge, &[("other", &ids[1].to_string())]).await;
    let erase = format!("/admin/users/{}/erase/", ids[2]);
    open_page("Ada", ada, &erase, seen).await;
    ada.post(&erase, &[]).await;
    for id in ids {
        open_page("Ada", ada, &format!("/admin/users/{id}/"), seen).await;
    }
    open_page("Ada", ada, "/admin/users/?q=former", seen).await;
}
