//! What tests/run has prepared and tells through the environment.

/// The value of a variable that tests/run sets.
#[expect(
    clippy::disallowed_methods,
    reason = "addressed to the tests, not to rolecall's `config`"
)]
pub fn environment(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run the tests with tests/run"))
}

/// As [`environment`], for a variable that need not be set.
#[expect(
    clippy::disallowed_methods,
    reason = "addressed to the tests, not to rolecall's `config`"
)]
pub fn environment_or(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// How many times as long as usual the fault tests go on; `tests/long` sets it.
pub fn times() -> usize {
    let times = environment_or("ROLECALL_TEST_TIMES", "1").parse();
    times.expect("ROLECALL_TEST_TIMES is a number")
}
