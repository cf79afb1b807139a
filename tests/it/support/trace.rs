//! The program under strace: what it asks of the disk, in the order in which it asks, and a disk
//! that fails or is slow when told to.

use std::{collections::BTreeMap, fs, path::Path};

/// One call that is of interest, at the moment when it has succeeded.
#[derive(Debug)]
pub enum Call {
    /// These bytes were written at this place of a file; they may stand in a cache.
    Write(String, usize, Vec<u8>),
    /// What was written to the file before stands on the disk now.
    Sync(String),
    /// The file was cut to this length.
    Truncate(String, usize),
    /// The file was removed.
    Unlink(String),
    /// These bytes were sent to somebody.
    Send(Vec<u8>),
}

/// The words that start a program under strace, which writes into `log` and passes `faults` on
/// (strace(1), "Tampering"). The program does not outlive strace.
pub fn strace<'w>(log: &'w str, faults: &[&'w str]) -> Vec<&'w str> {
    let mut words = vec![
        "strace",
        "--quiet=all",
        "--follow-forks",
        "--decode-fds=path",
        "--strings-in-hex=all",
        "--string-limit=100000",
        "--output",
        log,
        "--trace",
        "pwrite64,fsync,fdatasync,ftruncate,unlink,sendto,write,writev",
    ];
    // Quicker, but signals are not delivered then.
    if !faults.iter().any(|fault| fault.contains(":signal=")) {
        words.push("--seccomp-bpf");
    }
    for fault in faults {
        words.extend(["--inject", fault]);
    }
    words.extend(["setpriv", "--pdeathsig", "KILL", "--"]);
    words
}

/// The system calls by which files are changed.
const CHANGES: [&str; 5] = ["pwrite64", "fsync", "fdatasync", "ftruncate", "unlink"];

/// Every call by which the busiest thread of a log has changed files, as `strace` tells one from
/// another when it tampers with them: by name and number.
pub fn changes(log: &Path) -> Vec<(&'static str, usize)> {
    let text = fs::read_to_string(log).expect("a log");
    let mut made: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for line in text.lines() {
        let (thread, rest) = line.split_once(' ').expect("a thread and a call");
        if let Some((name, _)) = rest.trim_start().split_once('(') {
            *made.entry((name, thread)).or_default() += 1;
        }
    }
    let most = |name: &str| {
        let of_name = made.iter().filter(|((made, _), _)| *made == name);
        of_name.map(|(_, number)| *number).max().unwrap_or(0)
    };
    let numbered = |name| (1..=most(name)).map(move |number| (name, number));
    CHANGES.into_iter().flat_map(numbered).collect()
}

/// The successful calls of a log, on files in `folder` and on sockets.
pub fn calls(log: &Path) -> Vec<Call> {
    let text = fs::read_to_string(log).expect("a log");
    // A call that another thread's came into is told in two parts.
    let mut begun: BTreeMap<&str, &str> = BTreeMap::new();
    let mut calls = Vec::new();
    for line in text.lines() {
        let (thread, rest) = line.split_once(' ').expect("a thread and a call");
        let rest = rest.trim_start();
        if let Some(first) = rest.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, first);
        } else if let Some((_, last)) = rest.split_once(" resumed>") {
            let first = begun.remove(thread).unwrap_or_default();
            calls.extend(call(&format!("{first}{last}")));
        } else {
            calls.extend(call(rest));
        }
    }
    calls
}

/// `pwrite64(9</tmp/x.db>, "\x53\x51", 2, 4096) = 2`, read.
fn call(text: &str) -> Option<Call> {
    let (told, result) = text.rsplit_once(" = ")?;
    let result: i64 = result.split_whitespace().next()?.parse().ok()?;
    let (name, arguments) = told.trim_end().strip_suffix(')')?.split_once('(')?;
    if result < 0 {
        return None;
    }
    let file = || plain(arguments.split_once('<')?.1.split_once('>')?.0);
    let last = || arguments.rsplit_once(", ")?.1.parse().ok();
    let sent = usize::try_from(result).ok()?;
    Some(match name {
        "pwrite64" => Call::Write(file()?, last()?, bytes(arguments)?),
        "fsync" | "fdatasync" => Call::Sync(file()?),
        "ftruncate" => Call::Truncate(file()?, last()?),
        "unlink" => Call::Unlink(String::from_utf8(bytes(arguments)?).ok()?),
        "sendto" | "write" | "writev" if file()?.starts_with("socket:") => {
            Call::Send(bytes(arguments)?.into_iter().take(sent).collect())
        }
        _ => return None,
    })
}

/// A name, which may be written in hexadecimal digits.
fn plain(name: &str) -> Option<String> {
    if name.starts_with("\\x") {
        return String::from_utf8(bytes(&format!("\"{name}\""))?).ok();
    }
    Some(name.to_owned())
}

/// The bytes of all strings among the arguments.
fn bytes(arguments: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for string in arguments.split('"').skip(1).step_by(2) {
        for byte in string.split("\\x").skip(1) {
            bytes.push(u8::from_str_radix(byte, 16).ok()?);
        }
    }
    Some(bytes)
}
