//! Adding and editing a poll that has not opened.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::StatusCode;

use super::{
    Found,
    conflict::{Difference, differences},
    facts,
    form::{PollForm, Press},
    next::NextStep,
};
use crate::{
    admin::{Editor, Writer, complaints::Complaints, list::Query, words},
    clock::Clock,
    error::{Error, Result},
    language::Message,
    page::Page,
    paths,
    polls::{
        Choice, MajorityRule, Method, Poll, PollId, Polls, RankedRule, ResultsRule, RollMode,
        Secrecy, State as PollState, VoterResults, editing::Edit,
    },
    session::csrf,
    unsent::Kept,
    users::Role,
};

/// The form of a poll.
#[derive(Template, WebTemplate)]
#[template(path = "admin/polls/form.html")]
struct FormPage {
    page: Page,
    form: PollForm,
    complaints: Complaints,
    /// The poll as it is stored; none when adding.
    poll: Option<Stored>,
    /// Why it was not saved, when that is nobody's mistake.
    notice: Option<Message>,
    /// Where the typed and the stored version differ, when somebody else was faster.
    differences: Vec<Difference>,
    list: Query,
}

/// What the page says of a poll that is there.
struct Stored {
    id: PollId,
    question: String,
    state: PollState,
    next: NextStep,
}

impl FormPage {
    fn new(page: Page, form: PollForm, list: Query) -> Self {
        Self {
            page,
            form,
            list,
            complaints: Complaints::default(),
            poll: None,
            notice: None,
            differences: Vec::new(),
        }
    }

    fn title(&self) -> Message {
        let poll = self.poll.as_ref();
        poll.map_or(Message::new("add-poll"), |poll| {
            Message::verbatim(&poll.question)
        })
    }

    /// Where the form goes.
    fn action(&self) -> String {
        let add = || paths::ADMIN_POLL_NEW.to_owned();
        let edit = |poll: &Stored| paths::with_id(paths::ADMIN_POLL, poll.id);
        self.list
            .carried_to(&self.poll.as_ref().map_or_else(add, edit))
    }

    fn to_list(&self) -> String {
        self.list.at(paths::ADMIN_POLLS)
    }

    /// The same page with the form that was sent after its session, if there is one.
    fn or_sent(mut self, sent: Option<PollForm>) -> Self {
        if let Some(mut form) = sent {
            form.arrange();
            self.form = form;
            self.notice = Some(UNSENT);
        }
        self
    }

    /// The form once more, beside the version that was saved meanwhile.
    fn overtaken(mut self, stored: &Poll, paper: &[Choice], notice: Message) -> Response {
        self.differences = differences(&PollForm::of(stored, paper), &self.form);
        self.form.version = stored.version;
        self.notice = Some(notice);
        (StatusCode::CONFLICT, self).into_response()
    }

    fn refused(mut self, complaints: Complaints) -> Response {
        self.complaints = complaints;
        (StatusCode::UNPROCESSABLE_ENTITY, self).into_response()
    }
}

/// `GET /admin/polls/new/`: an empty form, or the one that came after its session.
///
/// # Errors
/// When the database does not answer.
pub async fn add(page: Page, editor: Editor, kept: Kept) -> Result<Response> {
    let sent = kept.take(paths::ADMIN_POLL_NEW).await?;
    let mut form = PollForm::blank(page.zone);
    form.form_key = editor.form_key;
    let blank = FormPage::new(page, form, editor.list);
    Ok(blank.or_sent(sent).into_response())
}

/// `POST /admin/polls/new/`: makes a draft, or arranges the rows anew.
///
/// # Errors
/// When the database does not answer.
pub async fn create(
    page: Page,
    Writer(editor): Writer,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    csrf::Form(mut form): csrf::Form<PollForm>,
) -> Result<Response> {
    form.arrange();
    let (press, reading, key) = (form.press, form.read(None), form.form_key.clone());
    let again = FormPage::new(page, form, editor.list.clone());
    if !press.saves() {
        return Ok(again.into_response());
    }
    if !reading.complaints.is_empty() {
        return Ok(again.refused(reading.complaints));
    }
    let edit = polls
        .create_once(reading.draft, key, editor.actor.clone(), clock.now())
        .await?;
    match edit {
        Edit::Done(id) => saved(&editor, id, press, reading.notes).await,
        Edit::Flawed(flaws) => Ok(again.refused(flaws.into_iter().map(words::flaw).collect())),
        other => Err(Error::internal(format!(
            "a new poll was refused: {other:?}"
        ))),
    }
}

/// `GET /admin/polls/{id}/`: the form before the poll opens, afterwards its facts.
///
/// # Errors
/// When the database does not answer.
pub async fn show(
    page: Page,
    editor: Editor,
    State(sources): State<facts::Sources>,
    kept: Kept,
    Found(poll): Found,
) -> Result<Response> {
    let (polls, clock) = (&sources.polls, &sources.clock);
    if !is_editable(poll.state(clock.now())) {
        return facts::show(page, editor, &sources, poll).await;
    }
    let paper = polls.choices(poll.id).await?;
    let mut form = PollForm::of(&poll, &paper);
    form.form_key = editor.form_key;
    let form = FormPage::new(page, form, editor.list);
    let sent = kept
        .take(&paths::with_id(paths::ADMIN_POLL, poll.id))
        .await?;
    let form = about(form.or_sent(sent), polls, clock, &poll).await?;
    Ok(form.into_response())
}

/// `POST /admin/polls/{id}/`: saves, or arranges the rows anew.
///
/// # Errors
/// When the database does not answer.
pub async fn save(
    page: Page,
    Writer(editor): Writer,
    State(polls): State<Polls>,
    State(clock): State<Clock>,
    Found(poll): Found,
    csrf::Form(mut form): csrf::Form<PollForm>,
) -> Result<Response> {
    form.arrange();
    let (press, version, reading) = (form.press, form.version, form.read(Some(&poll)));
    let key = form.form_key.clone();
    let again = FormPage::new(page, form, editor.list.clone());
    if !press.saves() {
        return Ok(about(again, &polls, &clock, &poll).await?.into_response());
    }
    if !reading.complaints.is_empty() {
        let again = about(again, &polls, &clock, &poll).await?;
        return Ok(again.refused(reading.complaints));
    }
    let (actor, now) = (editor.actor.clone(), clock.now());
    let (draft, notes) = (reading.draft, reading.notes);
    let edit = if press == Press::SaveAsNew {
        polls.create_once(draft.clone(), key, actor, now).await?
    } else {
        polls
            .update(poll.id, version, draft.clone(), actor, now)
            .await?
    };
    if let Edit::Done(id) = edit {
        return saved(&editor, id, press, notes).await;
    }
    let stored = polls.find(poll.id).await?.ok_or(Error::NotFound)?;
    let paper = polls.choices(poll.id).await?;
    // The same button, pressed twice.
    if edit == Edit::Stale && draft.is_stored(&stored, &paper) {
        return saved(&editor, poll.id, press, notes).await;
    }
    let again = about(again, &polls, &clock, &stored).await?;
    match edit {
        Edit::Flawed(flaws) => Ok(again.refused(flaws.into_iter().map(words::flaw).collect())),
        Edit::Blocked(why) => Ok(again.refused(why.into_iter().map(words::blocker).collect())),
        Edit::Stale => Ok(again.overtaken(&stored, &paper, STALE)),
        Edit::NotNow(state) => Ok(again.overtaken(&stored, &paper, not_now(state))),
        Edit::Done(_) | Edit::NotFound => Err(Error::NotFound),
    }
}

const UNSENT: Message = Message::new("edit-unsent");
const STALE: Message = Message::new("edit-stale");

fn not_now(state: PollState) -> Message {
    Message::new("edit-not-now").with("state", state.class())
}

fn is_editable(state: PollState) -> bool {
    matches!(state, PollState::Draft | PollState::Scheduled)
}

/// The page with what there is to say of the stored poll.
async fn about(mut form: FormPage, polls: &Polls, clock: &Clock, poll: &Poll) -> Result<FormPage> {
    let now = clock.now();
    let blockers = polls.blockers(poll, now).await?;
    let blockers = blockers.into_iter().map(words::blocker);
    form.poll = Some(Stored {
        id: poll.id,
        question: poll.question.clone(),
        state: poll.state(now),
        next: NextStep::new(poll, blockers.map(|blocker| blocker.text).collect(), now),
    });
    Ok(form)
}

/// Back to where the pressed button leads, with a word that it is done.
async fn saved(editor: &Editor, id: PollId, press: Press, notes: Vec<Message>) -> Result<Response> {
    let saved = Message::new("poll-saved");
    editor
        .tell(notes.into_iter().fold(saved, Message::and))
        .await?;
    let target = match press {
        Press::SaveAndContinue | Press::SaveAsNew => editor.to_poll(id),
        Press::SaveAndAddAnother => editor.list.carried_to(paths::ADMIN_POLL_NEW),
        _ => editor.list.at(paths::ADMIN_POLLS),
    };
    Ok(Redirect::to(&target).into_response())
}
