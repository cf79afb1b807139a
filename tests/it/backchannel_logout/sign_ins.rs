//! A logout token that meets a sign-in on its way.

use std::time::Duration;

use super::{assert_taken, deliver, for_session, for_uma, sessions, sids};
use crate::support::app::TestApp;

/// L-6, N-11.
#[tokio::test]
async fn a_sign_in_whose_session_ended_on_the_way_is_refused_with_a_page_of_its_own() {
    for by_session in [true, false] {
        let app = TestApp::start().await;
        let mut uma = app.anonymous();
        let callback = uma.ask_provider("pick-uma", "/polls/").await;
        let token = if by_session {
            for_session(&app, &sids(&app)[0])
        } else {
            for_uma(&app)
        };
        assert_taken(&deliver(&app, &token).await);
        let landed = uma.get(&callback).await;
        assert_eq!(landed.status, 400);
        assert_eq!(landed.text_of("h1"), "You were signed out meanwhile");
        assert_eq!(landed.text_of("details code"), "signed_out_meanwhile");
        assert_eq!(sessions(&app).await, 0);
        assert!(!uma.is_signed_in().await);
        app.advance(Duration::from_secs(1)).await;
        let again = landed.attributes(".actions a.button", "href").remove(0);
        assert_eq!(again, "/oidc/authenticate/?next=%2Fpolls%2F");
        assert_eq!(uma.sign_in("pick-uma", "/polls/").await.status, 303);
        assert!(uma.is_signed_in().await);
    }
}

/// L-6.
#[tokio::test]
async fn somebody_elses_sign_in_goes_on() {
    let app = TestApp::start().await;
    let mut stan = app.anonymous();
    let callback = stan.ask_provider("pick-stan", "/").await;
    assert_taken(&deliver(&app, &for_uma(&app)).await);
    assert_taken(&deliver(&app, &for_session(&app, "uma's")).await);
    assert_eq!(stan.get(&callback).await.status, 303);
    assert!(stan.is_signed_in().await);
}

/// L-6, SEC-36.
#[tokio::test]
async fn a_token_and_a_callback_at_the_same_time_leave_nobody_signed_in() {
    let app = TestApp::start().await;
    for _ in 0..25 {
        let mut uma = app.anonymous();
        let callback = uma.ask_provider("pick-uma", "/").await;
        let token = for_uma(&app);
        let (landed, taken) = tokio::join!(uma.get(&callback), deliver(&app, &token));
        assert_taken(&taken);
        assert!([303, 400].contains(&landed.status.as_u16()));
        assert_eq!(sessions(&app).await, 0);
        assert!(!uma.is_signed_in().await);
        app.advance(Duration::from_secs(1)).await;
    }
}
