//! What operators install: the unit, the package, the image.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{process::Command, time::timeout};

use crate::support::{
    app::TestApp,
    database::Engine,
    program::{self, Program},
};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

async fn output(command: &mut Command) -> (String, bool) {
    let output = timeout(Duration::from_mins(1), command.kill_on_drop(true).output()).await;
    let output = output
        .expect("it ends")
        .expect("it runs: tests/run installs it");
    let said = [output.stdout, output.stderr].concat();
    (
        String::from_utf8_lossy(&said).into_owned(),
        output.status.success(),
    )
}

/// SC-10: at most 1.5 of 10.
#[tokio::test]
async fn the_unit_leaves_little_exposed() {
    let mut analyze = Command::new("systemd-analyze");
    let unit = file("packaging/rolecall.service");
    analyze
        .args(["security", "--offline=true", "--threshold=15", "--no-pager"])
        .arg(unit);
    let (said, is_fine) = output(&mut analyze).await;
    assert!(said.contains("Overall exposure level"), "{said}");
    assert!(is_fine, "{said}");
}

/// OP-11, OP-13: the unit is told when the site serves, and the socket leads to it.
#[test]
fn the_units_fit_the_program() {
    let (service, socket) = (
        read("packaging/rolecall.service"),
        read("packaging/optional/rolecall.socket"),
    );
    for line in [
        "Type=notify",
        "ExecStart=/usr/bin/rolecall serve",
        "EnvironmentFile=/etc/rolecall/rolecall.env",
        "RestartPreventExitStatus=2",
        "StateDirectory=rolecall",
        "UMask=0077",
    ] {
        assert!(service.lines().any(|written| written == line), "{line}");
    }
    assert!(
        service.contains("\nWatchdogSec=")
            && service.contains("#LoadCredential=OIDC_RP_CLIENT_SECRET:")
    );
    let example = read(".env.example");
    let listen = example
        .lines()
        .find_map(|line| line.strip_prefix("#LISTEN_ADDR="));
    let listen = listen.expect("a default");
    assert!(
        socket.contains(&format!("\nListenStream={listen}\n")),
        "{socket}"
    );
}

/// SC-11: nothing of the machine it is built on, nobody but a user without rights.
#[test]
fn the_image_holds_the_program_and_runs_as_nobody() {
    let dockerfile = read("packaging/Dockerfile");
    let (_, image) = dockerfile.rsplit_once("\nFROM ").expect("a last stage");
    assert!(image.starts_with("gcr.io/distroless/"), "{image}");
    for line in [
        "USER 65532:65532",
        "VOLUME /data",
        "ENTRYPOINT [\"/usr/bin/rolecall\"]",
    ] {
        assert!(image.contains(&format!("\n{line}\n")), "{line}");
    }
    assert!(
        image.contains("HEALTHCHECK") && image.contains("[\"/usr/bin/rolecall\", \"healthcheck\"]")
    );
    assert!(!image.contains("\nRUN "), "there is no shell");
    let version = |text: &str| text.split("rust:").nth(1).map(|rest| rest[..4].to_owned());
    let manifest = read("Cargo.toml");
    let minimum = version(&dockerfile).expect("a version of Rust");
    assert!(
        manifest.contains(&format!("rust-version = \"{minimum}\"")),
        "Rust {minimum}"
    );
}

/// SC-11: what the image has to have beside it.
#[tokio::test]
async fn the_program_needs_nothing_but_the_c_library() {
    let (said, is_fine) = output(Command::new("ldd").arg(env!("CARGO_BIN_EXE_rolecall"))).await;
    assert!(is_fine && said.contains("libc.so.6"), "{said}");
    let libraries = said
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let names = libraries.map(|path| path.rsplit('/').next().unwrap_or_default());
    let allowed = [
        "libc.so",
        "libm.so",
        "libgcc_s.so",
        "ld-linux",
        "linux-vdso.so",
    ];
    for name in names {
        assert!(
            allowed.iter().any(|allowed| name.starts_with(allowed)),
            "{said}"
        );
    }
}

/// SC-11, SEC-74: what is sent to the builder is named one by one, and there.
#[test]
fn no_secret_can_get_into_the_image() {
    let ignored = read(".dockerignore");
    let lines: Vec<_> = ignored
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert_eq!(lines.first(), Some(&"*"));
    for line in &lines[1..] {
        let kept = line.strip_prefix('!').expect("an exception");
        assert!(file(kept).exists(), "{kept}");
        assert!(![".env", "target", ".git"].contains(&kept), "{kept}");
    }
}

/// E-74: every file of the package is there, and every chapter of the documentation goes along.
#[test]
fn the_package_names_files_that_exist() {
    let manifest = read("Cargo.toml");
    let deb = manifest
        .split("[package.metadata.deb]")
        .nth(1)
        .expect("a package");
    let deb = deb.split("\n[").next().unwrap_or_default();
    let assets = deb
        .lines()
        .filter_map(|line| line.trim().strip_prefix("[\""));
    let sources: BTreeSet<_> = assets.filter_map(|line| line.split('"').next()).collect();
    for source in &sources {
        let is_made = source.starts_with("target/release/") || source.contains('*');
        assert!(is_made || file(source).exists(), "{source}");
    }
    assert!(
        sources.contains("docs/*.md") && sources.contains("packaging/optional/rolecall.socket")
    );
    for line in [
        "conf-files = [\"/etc/rolecall/rolecall.env\"]",
        "default-features = false",
        "license-file = [\"LICENSE\", \"0\"]",
    ] {
        assert!(deb.contains(line), "{line}");
    }
}

/// SC-07, SC-08: each says what it does, and does nothing else then.
#[tokio::test]
async fn every_script_explains_itself() {
    for script in ["packaging/sbom", "packaging/reproducible"] {
        let (said, is_fine) = output(Command::new(file(script)).arg("--help")).await;
        assert!(
            is_fine && said.starts_with("Usage: packaging/"),
            "{script}: {said}"
        );
        let (said, is_fine) = output(Command::new(file(script)).arg("--nonsense")).await;
        assert!(
            !is_fine && said.contains("Usage: packaging/"),
            "{script}: {said}"
        );
    }
}

/// SC-12: whatever the umask of whoever starts it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_program_writes_is_for_its_owner_only() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let settings = program::settings(&app);
    let settings: Vec<_> = settings
        .lines()
        .filter(|line| !line.starts_with("DATABASE_URL="))
        .collect();
    let program = Program::start(program::free_address(), &settings.join("\n")).await;
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(program.folder()).expect("its folder") {
        let entry = entry.expect("a file");
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("rolecall.") {
            let mode = entry.metadata().expect("its mode").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name} has the mode {mode:o}");
            seen.insert(name);
        }
    }
    for name in ["rolecall.db", "rolecall.db-wal", "rolecall.key"] {
        assert!(seen.contains(name), "{name} of {seen:?}");
    }
}
