//! What the README tells people to type is typed here, and what it lists is what there is.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use rolecall::clock::Clock;

use crate::support::{
    app::provider,
    command::{rolecall, run},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("a README")
}

/// The arguments of each `cargo run` and `rolecall` that stands on a line of its own or in
/// backticks.
fn commands(readme: &str) -> BTreeSet<Vec<String>> {
    let blocks = readme.lines().filter_map(|line| line.strip_prefix("    "));
    let spans = readme.split('`').skip(1).step_by(2);
    let mut found = BTreeSet::new();
    for command in blocks.chain(spans) {
        let command = command.split('#').next().unwrap_or_default().trim();
        let arguments = ["cargo run -- ", "rolecall "]
            .iter()
            .find_map(|program| command.strip_prefix(program));
        let is_bare = ["cargo run", "rolecall"].contains(&command);
        if is_bare || arguments.is_some() {
            let words = arguments.unwrap_or_default().split_whitespace();
            found.insert(words.map(str::to_owned).collect());
        }
    }
    found
}

/// E-33.
#[tokio::test]
async fn every_command_of_the_readme_exists() {
    let folder = tempfile::tempdir().expect("a folder");
    let commands = commands(&readme());
    assert!(commands.len() >= 8, "{commands:?}");
    for command in commands {
        // Help comes after the arguments are understood, and before anything is done.
        let mut arguments: Vec<_> = command.iter().map(String::as_str).collect();
        arguments.push("--help");
        let (said, status) = run(rolecall(folder.path(), &arguments)).await;
        assert_eq!(status, 0, "{command:?}: {said}");
    }
}

/// E-33.
#[tokio::test]
async fn every_command_there_is_stands_in_the_readme() {
    let folder = tempfile::tempdir().expect("a folder");
    let (help, _) = run(rolecall(folder.path(), &["--help"])).await;
    let listed = help.split("Commands:").nth(1).expect("a list of commands");
    let listed = listed.split("Options:").next().unwrap_or_default();
    let names = listed
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let readme = readme();
    for name in names.filter(|name| *name != "help") {
        let mentioned = readme.contains(&format!("`rolecall {name}"));
        assert!(mentioned, "rolecall {name} is not in the README");
    }
}

/// E-33, E-74, Z-40: the way that the README shows, from `.env` to a site with polls.
#[tokio::test]
async fn the_steps_of_the_readme_lead_to_a_site() {
    let folder = tempfile::tempdir().expect("a folder");
    let op = provider(&Clock::System, "http://localhost:8000").await;
    let env = write_env(folder.path(), &op);
    assert!(readme().contains("install -m 600 .env.example .env"));
    for (arguments, words) in [
        (["check"].as_slice(), "Everything needed works."),
        (&["config", "check"], "The configuration is in order."),
        (&["migrate"], "The schema is up to date."),
        (&["seed"], "sample polls"),
        (&["check"], "The schema is up to date."),
    ] {
        let (said, status) = run(rolecall(folder.path(), arguments)).await;
        assert_eq!(status, 0, "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    let secret = &op.controls().clients()[0].secret;
    assert!(env.contains(secret.as_str()), "the file was filled in");
}

/// Copies `.env.example` as the README says and fills the four values in.
fn write_env(folder: &Path, op: &demo_idp::Running) -> String {
    let client = &op.controls().clients()[0];
    let mut env = fs::read_to_string(root().join(".env.example")).expect("an example");
    for (name, value) in [
        ("OIDC_OP_BASE_URL", op.issuer()),
        ("OIDC_RP_CLIENT_ID", &client.id),
        ("OIDC_RP_CLIENT_SECRET", &client.secret),
        ("ZITADEL_PROJECT", op.controls().project_id()),
    ] {
        let blank = format!("\n{name}=\n");
        assert!(env.contains(&blank), "{name} is there to be filled in");
        env = env.replace(&blank, &format!("\n{name}={value}\n"));
    }
    fs::write(folder.join(".env"), &env).expect("a file");
    env
}

/// E-33: nothing is configured in vain.
#[tokio::test]
async fn every_setting_of_the_readme_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shown, _) = run(rolecall(folder.path(), &["config", "show"])).await;
    let known: Vec<_> = shown
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    let readme = readme();
    let table = readme.split("## Configuration").nth(1).expect("a chapter");
    let table = table.split("\n## ").next().unwrap_or_default();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let names: Vec<_> = cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(known.contains(&name), "{name} is read by nobody");
    }
}

/// E-33: each picture is shown in light and dark, and says in words what it shows.
#[test]
fn every_picture_of_the_readme_is_there_and_every_picture_there_is_shown() {
    let readme = readme();
    let shown = |name: &str| readme.split(&format!("{name}=\"")).count() - 1;
    let pictures = fs::read_dir(root().join("docs/screenshots")).expect("pictures");
    let mut count = 0;
    for picture in pictures {
        let name = picture.expect("a file").file_name();
        let path = format!("\"docs/screenshots/{}\"", name.to_string_lossy());
        assert!(readme.contains(&path), "{path} is not shown");
        count += 1;
    }
    assert_eq!(
        (shown("src") + shown("srcset"), shown("alt")),
        (count, count / 2)
    );
}
