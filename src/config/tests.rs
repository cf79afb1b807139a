//! What is read, and what is said about it.

use std::num::NonZeroU32;

use super::*;

fn zitadel() -> Environment {
    Environment::from([
        ("OIDC_OP_BASE_URL", "https://example.zitadel.cloud"),
        ("OIDC_RP_CLIENT_ID", "249@python"),
        ("OIDC_RP_CLIENT_SECRET", "s3cret"),
        ("ZITADEL_PROJECT", "249703732336418457"),
    ])
}

/// Z-14, Z-35, F-10.
#[test]
fn the_four_values_of_the_zitadel_guide_are_enough() {
    let config = Config::read(&zitadel()).unwrap();
    assert_eq!(config.site.base_url.as_str(), "http://localhost:8000/");
    assert!(
        config.oidc.providers[0]
            .scopes
            .contains(&"urn:zitadel:iam:org:projects:roles".to_owned())
    );
    assert_eq!(config.sessions.absolute, Duration::from_hours(12));
    assert_eq!(config.database.key_file, Path::new("rolecall.key"));
}

/// Z-14, SEC-29.
#[test]
fn all_problems_are_reported_at_once() {
    let env = Environment::from([
        ("OIDC_OP_BASE_URL", "http://idp.example.org"),
        ("LISTEN_ADDR", "here"),
        ("OIDC_HTTP_TIMEOUT", "soon"),
        ("OIDC_RP_CLIENT_ID", " "),
    ]);
    let Problems(lines) = Config::read(&env).unwrap_err();
    for name in [
        "OIDC_OP_BASE_URL",
        "OIDC_RP_CLIENT_ID",
        "OIDC_RP_CLIENT_SECRET",
        "LISTEN_ADDR",
        "OIDC_HTTP_TIMEOUT",
    ] {
        assert!(
            lines.iter().any(|line| line.starts_with(name)),
            "{name} in {lines:?}"
        );
    }
}

#[test]
fn an_unknown_name_of_ours_is_reported() {
    let mut env = zitadel();
    env.0.insert("OIDC_RP_CLIENTSECRET".into(), "typo".into());
    env.0.insert("OIDC_RP_CLIENT_SECRET".into(), "x".into());
    assert_eq!(
        Config::read(&env).unwrap().unknown,
        ["OIDC_RP_CLIENTSECRET"]
    );
}

#[test]
fn a_misspelt_name_is_told_beside_the_value_that_is_missing() {
    let mut env = zitadel();
    env.0.remove("OIDC_RP_CLIENT_SECRET");
    env.0.insert("OIDC_RP_CLENT_SECRET".into(), "typo".into());
    let Problems(lines) = Config::read(&env).unwrap_err();
    assert_eq!(
        lines,
        [
            "OIDC_RP_CLIENT_SECRET: is missing",
            "OIDC_RP_CLENT_SECRET: is not one of our names"
        ]
    );
}

fn with_a_partner() -> Environment {
    let mut env = zitadel();
    let further = [
        ("OIDC_PROVIDERS", "partner, lab-2"),
        ("PARTNER_OIDC_OP_BASE_URL", "https://id.partner.example"),
        ("PARTNER_OIDC_RP_CLIENT_ID", "rolecall"),
        ("PARTNER_OIDC_RP_CLIENT_SECRET", "s3cret"),
        ("PARTNER_OIDC_LABEL", "Our partner"),
        ("LAB_2_OIDC_OP_BASE_URL", "https://id.lab.example/realms/r"),
        ("LAB_2_OIDC_RP_CLIENT_ID", "rolecall"),
        ("LAB_2_OIDC_RP_CLIENT_SECRET", "s3cret"),
    ];
    env.0
        .extend(further.map(|(name, value)| (name.into(), value.into())));
    env
}

#[test]
fn further_providers_take_the_same_names_behind_their_own() {
    let config = Config::read(&with_a_partner()).unwrap();
    let seen: Vec<_> = config
        .oidc
        .providers
        .iter()
        .map(|provider| (provider.id.as_str(), provider.label.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("default", "example.zitadel.cloud"),
            ("partner", "Our partner"),
            ("lab-2", "id.lab.example"),
        ]
    );
    assert_eq!(config.oidc.providers[1].project, None);
    assert_eq!(config.unknown, [""; 0]);
}

#[test]
fn what_a_further_provider_lacks_or_misspells_is_told_with_its_name() {
    let mut env = with_a_partner();
    env.0.remove("PARTNER_OIDC_RP_CLIENT_ID");
    env.0
        .insert("PARTNER_OIDC_RP_CLIENTID".into(), "typo".into());
    let Problems(lines) = Config::read(&env).unwrap_err();
    assert_eq!(
        lines,
        [
            "PARTNER_OIDC_RP_CLIENT_ID: is missing",
            "PARTNER_OIDC_RP_CLIENTID: is not one of our names"
        ]
    );
}

#[test]
fn a_provider_that_the_list_forgets_is_reported() {
    let mut env = with_a_partner();
    env.0.insert("OIDC_PROVIDERS".into(), "partner".into());
    assert_eq!(
        Config::read(&env).unwrap().unknown,
        ["LAB_2_OIDC_OP_BASE_URL"]
    );
}

#[test]
fn names_of_providers_are_short_lower_case_and_not_taken() {
    for names in ["Partner", "partner,partner", "default", "2", "a_b", "é"] {
        let mut env = with_a_partner();
        env.0.insert("OIDC_PROVIDERS".into(), names.into());
        let Problems(lines) = Config::read(&env).unwrap_err();
        assert!(
            lines[0].starts_with("OIDC_PROVIDERS: "),
            "{names}: {lines:?}"
        );
    }
}

#[test]
fn two_providers_with_one_issuer_are_a_problem() {
    let mut env = with_a_partner();
    let same = "https://example.zitadel.cloud/";
    env.0.insert("PARTNER_OIDC_OP_BASE_URL".into(), same.into());
    let Problems(lines) = Config::read(&env).unwrap_err();
    assert_eq!(
        lines,
        ["PARTNER_OIDC_OP_BASE_URL: is that of another provider already"]
    );
}

#[test]
fn a_secret_does_not_show_itself() {
    let config = Config::read(&zitadel()).unwrap();
    assert!(!format!("{config:?}").contains("s3cret"));
}

fn problems(values: &[(&str, &str)]) -> Vec<String> {
    let mut env = zitadel();
    let values = values.iter().copied();
    env.0
        .extend(values.map(|(name, value)| (name.into(), value.into())));
    Config::read(&env).map_or_else(|Problems(lines)| lines, |_| Vec::new())
}

/// M-18.
#[test]
fn further_parameters_are_pairs_or_an_object_and_touch_nothing_of_the_protocol() {
    for value in ["acr_values=2&kc_idp_hint=x%20y", r#"{"acr_values":"2"}"#] {
        assert_eq!(problems(&[("OIDC_AUTH_EXTRA_PARAMS", value)]), [""; 0]);
    }
    for value in [
        "state=x",
        "a=b&nonce=x",
        "redirect_uri=https://evil.example/",
        "client_id=x",
        "response_type=token",
        "response_mode=form_post",
        "code_challenge=x",
        "code_challenge_method=plain",
        "scope=x",
        "request=x",
        "a=b&a=c",
        "a",
        "{",
        r#"{"a":1}"#,
        r#"{"state":"x"}"#,
    ] {
        let lines = problems(&[("OIDC_AUTH_EXTRA_PARAMS", value)]);
        assert_eq!(lines.len(), 1, "{value}: {lines:?}");
        assert!(
            lines[0].starts_with("OIDC_AUTH_EXTRA_PARAMS: "),
            "{lines:?}"
        );
    }
}

#[test]
fn each_setting_of_a_provider_says_what_is_wrong_with_it() {
    for (name, value) in [
        ("OIDC_PRESET", "okta"),
        ("OIDC_PRESET", "Auth0"),
        ("OIDC_LABEL", &"x".repeat(61)),
        ("OIDC_TRUSTED_AUDIENCES", "a,,b"),
        ("OIDC_SIGNUP_PARAM", "signup"),
        ("OIDC_SIGNUP_PARAM", "a=b&c=d"),
        ("OIDC_SIGNUP_PARAM", "state=x"),
        ("OIDC_OP_DISCOVERY_URL", "http://id.example/x"),
        ("OIDC_OP_DISCOVERY_URL", "openid-configuration"),
        ("OIDC_OP_LOGOUT_URL", "http://id.example/logout"),
        ("OIDC_OP_LOGOUT_URL", "/logout"),
        ("OIDC_OP_LOGOUT_URL", "https://id.example/logout?x={secret}"),
        ("OIDC_CREATE_USER", "no"),
        ("OIDC_REQUIRE_VERIFIED_EMAIL", "1"),
    ] {
        let lines = problems(&[(name, value)]);
        assert_eq!(lines.len(), 1, "{name}={value}: {lines:?}");
        assert!(lines[0].starts_with(&format!("{name}: ")), "{lines:?}");
    }
}

#[test]
fn a_preset_sets_what_is_usual_and_any_setting_beats_it() {
    let read = |values: &[(&str, &str)]| {
        let mut env = zitadel();
        env.0.remove("ZITADEL_PROJECT");
        let values = values.iter().copied();
        env.0
            .extend(values.map(|(name, value)| (name.into(), value.into())));
        Config::read(&env).unwrap().oidc.providers.remove(0)
    };
    let keycloak = read(&[("OIDC_PRESET", "keycloak")]);
    assert_eq!(keycloak.roles.claim.as_deref(), Some("realm_access.roles"));
    assert_eq!(keycloak.scopes, ["openid", "email", "profile"]);
    let auth0 = [
        ("OIDC_PRESET", "auth0"),
        ("OIDC_ROLES_CLAIM", "https://x/y"),
    ];
    let plain = read(&auth0);
    assert_eq!(
        plain.signup_param,
        Some(("screen_hint".to_owned(), "signup".to_owned()))
    );
    assert!(plain.logout_url.is_some());
    let further = [
        ("OIDC_SIGNUP_PARAM", "mode=new"),
        ("OIDC_OP_LOGOUT_URL", "https://id.example/bye"),
        ("OIDC_RP_SCOPES", "openid groups"),
    ];
    let own = read(&[&auth0[..], &further[..]].concat());
    assert_eq!(
        own.signup_param,
        Some(("mode".to_owned(), "new".to_owned()))
    );
    assert_eq!(own.scopes, ["openid", "groups"]);
    let bye = Url::parse("https://id.example/bye").unwrap();
    assert_eq!(own.logout_url, LogoutUrl::new(bye));
}

#[test]
fn auth0_has_no_usual_name_for_the_claim_of_roles() {
    assert_eq!(
        problems(&[("OIDC_PRESET", "auth0")]),
        ["OIDC_ROLES_CLAIM: is missing: at Auth0 you choose the name of the claim"]
    );
}

#[test]
fn every_name_is_documented() {
    let texts = concat!(
        include_str!("../../.env.example"),
        include_str!("../../docs/providers.md")
    );
    let names = environment::KNOWN.iter().chain(providers::NAMES);
    let silent: Vec<_> = names.filter(|name| !texts.contains(**name)).collect();
    assert_eq!(silent, [&""; 0]);
}

/// OP-14.
#[test]
fn limits_are_on_off_or_a_factor_and_proxies_are_addresses_or_networks() {
    let read = |limit: &str, proxies: &str| {
        let mut env = zitadel();
        env.0.insert("ROLECALL_RATE_LIMIT".into(), limit.into());
        env.0
            .insert("ROLECALL_TRUSTED_PROXIES".into(), proxies.into());
        Config::read(&env).map(|config| config.rate_limit)
    };
    assert_eq!(read("", "").unwrap(), RateLimitConfig::default());
    assert_eq!(read("on", "").unwrap(), RateLimitConfig::default());
    assert_eq!(read("off", "").unwrap(), RateLimitConfig::off());
    let five = read("5", "10.0.0.7, fd00::/8").unwrap();
    assert_eq!(five.factor.map(NonZeroU32::get), Some(5));
    let networks: Vec<_> = five
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(networks, ["10.0.0.7/32", "fd00::/8"]);
    for limit in ["0", "-1", "1001", "OFF", "yes", "5/s"] {
        let Problems(lines) = read(limit, "").unwrap_err();
        assert!(lines[0].starts_with("ROLECALL_RATE_LIMIT: "), "{lines:?}");
    }
    for proxies in [
        "proxy.example.org",
        "10.0.0.0/40",
        "10.0.0.7:80",
        "10.0.0.7,",
    ] {
        let Problems(lines) = read("on", proxies).unwrap_err();
        assert!(
            lines[0].starts_with("ROLECALL_TRUSTED_PROXIES: "),
            "{lines:?}"
        );
    }
}

/// OP-04: the SDK would pass over these in silence.
#[test]
fn settings_of_traces_are_looked_at_although_others_read_them() {
    for (name, value, problem) in [
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "127.0.0.1:4318",
            "is not an http or https URL",
        ),
        (
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "grpc",
            "can be http/protobuf only",
        ),
        ("OTEL_TRACES_SAMPLER", "sometimes", "is none of"),
        (
            "OTEL_TRACES_SAMPLER",
            "traceidratio",
            "is not a number from 0 to 1",
        ),
    ] {
        let collector = (
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "http://127.0.0.1:4318/v1/traces",
        );
        let found = problems(&[collector, (name, value)]);
        assert!(found.iter().any(|line| line.contains(problem)), "{found:?}");
    }
    let fine = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example"),
        ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.1"),
    ];
    assert_eq!(problems(&fine), [""; 0]);
}

/// OP-04: there the SDK does not look.
#[test]
fn settings_of_traces_cannot_stand_in_the_file() {
    let mut env = zitadel();
    let entry = environment::Entry::new("rolecall".into(), environment::Source::EnvFile);
    env.0.insert("OTEL_SERVICE_NAME".into(), entry);
    let Problems(lines) = Config::read(&env).unwrap_err();
    assert!(lines[0].starts_with("OTEL_SERVICE_NAME: is read from the environment"));
}

/// OP-04: they may be meant for other programs.
#[test]
fn without_a_collector_settings_of_traces_are_nobodys() {
    let others = [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_TRACES_SAMPLER", "sometimes"),
    ];
    assert_eq!(problems(&others), [""; 0]);
    let mut env = zitadel();
    let blank = environment::Entry::new(String::new(), environment::Source::EnvFile);
    env.0.insert("OTEL_EXPORTER_OTLP_ENDPOINT".into(), blank);
    assert!(Config::read(&env).is_ok());
}

/// OP-03.
#[test]
fn blanks_and_commas_too_many_do_not_change_what_is_logged() {
    use tracing::Level;

    for (text, of_hyper) in [
        ("info", Level::INFO),
        ("info,", Level::INFO),
        (" , info ,,", Level::INFO),
        ("info, hyper=debug", Level::DEBUG),
        ("info,hyper=debug,", Level::DEBUG),
    ] {
        let filter = log_filter(text).unwrap();
        assert_eq!(filter.default_level(), Some(Level::INFO.into()), "{text}");
        for level in [Level::INFO, Level::DEBUG, Level::TRACE] {
            let is_logged = filter.would_enable("hyper::proto", &level);
            assert_eq!(is_logged, level <= of_hyper, "{text}: {level}");
        }
    }
    for nothing in [",", " , ", "info,hyper=everything"] {
        assert_eq!(problems(&[("ROLECALL_LOG", nothing)]).len(), 1, "{nothing}");
    }
}
