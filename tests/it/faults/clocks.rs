//! A clock that is set while the program runs.

use std::time::Duration;

use rolecall::polls::Secrecy;

use super::Hall;
use crate::support::{
    app::{MORNING, TestApp},
    database::Engine,
    person::Reply,
};

const HOUR: Duration = Duration::from_hours(1);
const TEN_DAYS: Duration = Duration::from_hours(240);

/// FT-13.
#[tokio::test]
async fn a_clock_that_is_set_forward_ends_sessions_and_people_sign_in_again() {
    for jump in [HOUR, TEN_DAYS] {
        let app = TestApp::start().await;
        let mut uma = app.uma().await;
        app.set_time(MORNING.plus(jump)).await;
        assert!(!uma.is_signed_in().await, "{jump:?}");
        assert!(app.uma().await.is_signed_in().await, "{jump:?}");
    }
}

/// FT-13.
#[tokio::test]
async fn a_session_that_began_in_the_future_lives_no_longer_than_any_other() {
    for jump in [HOUR, TEN_DAYS] {
        let app = TestApp::start().await;
        app.set_time(MORNING.plus(jump)).await;
        let mut uma = app.uma().await;
        assert!(uma.is_signed_in().await);
        app.set_time(MORNING).await;
        assert!(!uma.is_signed_in().await, "{jump:?}");
        let mut again = app.uma().await;
        assert!(again.is_signed_in().await, "{jump:?}");
    }
}

/// FT-13: somebody who was there before the clock was set back has the time that is theirs.
#[tokio::test]
async fn a_clock_that_is_set_back_lengthens_no_idle_session() {
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    app.advance(HOUR / 2).await;
    assert!(uma.is_signed_in().await);
    app.set_time(MORNING).await;
    assert!(
        uma.is_signed_in().await,
        "a clock that is set is no sign-out"
    );
    app.advance(HOUR.saturating_sub(Duration::from_secs(1)))
        .await;
    assert!(uma.is_signed_in().await);
    app.advance(HOUR).await;
    assert!(!uma.is_signed_in().await);
}

/// FT-13.
#[tokio::test]
async fn votes_are_taken_and_what_has_expired_is_swept_whatever_the_clock_says() {
    let mut hall = Hall::new(Engine::of_this_run(), Secrecy::Named, 4).await;
    let times = [
        MORNING.plus(Duration::from_mins(10)),
        MORNING,
        MORNING.plus(Duration::from_mins(5)),
    ];
    for (who, time) in times.into_iter().enumerate() {
        hall.app.set_time(time).await;
        hall.votes(who).await;
        hall.app.state.sessions.sweep().await.expect("swept");
    }
    // Before the poll was opened.
    hall.app.set_time(MORNING.minus(TEN_DAYS)).await;
    let early = hall.people[3].ballot(hall.poll, hall.paper[0].id);
    let early = Reply::read(hall.app.send(early).await).await;
    assert!(early.status.as_u16() < 500, "{}", early.text);
    hall.app.set_time(MORNING.plus(TEN_DAYS)).await;
    hall.app.state.sessions.sweep().await.expect("swept");
    assert_eq!(hall.app.number("SELECT COUNT(*) FROM sessions").await, 0);
    hall.nothing_is_lost().await;
}
