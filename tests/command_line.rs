//! The command line, as a user meets it: what it refuses and in which words, and what wins over what.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "command_line/accounts.rs"]
mod accounts;
#[path = "command_line/whole.rs"]
mod whole;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use tempfile::TempDir;

/// The program in an empty folder, with nothing of the environment of the tests but what it needs.
fn program(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_directive-tracker"));
    command.args(arguments).current_dir(folder.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command
}

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("directive-tracker-").tempdir().unwrap()
}

fn run(arguments: &[&str]) -> Output {
    program(&folder(), arguments).output().unwrap()
}

/// What a command says that fails: its status, and the first line of what it writes.
fn refusal(arguments: &[&str]) -> (i32, String) {
    let output = run(arguments);
    let text = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text.lines().next().unwrap_or_default().to_owned())
}

fn help(command: &str) -> String {
    String::from_utf8(run(&[command, "--help"]).stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A server that is killed when this is dropped.
struct Server {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
    /// The lines of the log up to the one that names the address.
    begun: Vec<String>,
}

impl Server {
    fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut begun = Vec::new();
        let address = loop {
            let line = next_line(&mut log).unwrap_or_else(|| panic!("the server ended: {begun:?}"));
            let address = line.split_once(" on http://").map(|(_, address)| address.to_owned());
            begun.push(line);
            if let Some(address) = address {
                break address;
            }
        };
        Self { child, log, address, begun }
    }

    /// The lines of the log that follow, up to the first of the server itself.
    fn lines_after_the_address(&mut self) -> Vec<String> {
        std::iter::from_fn(|| next_line(&mut self.log)).take_while(|line| !line.contains("starting")).collect()
    }

    fn status_of(&self, path: &str) -> String {
        self.answer_to(&format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"))
    }

    /// What comes of creating a person.
    fn created(&self, token: &str) -> String {
        let body = r#"{"name":"An"}"#;
        let (host, length) = ("Host: test\r\nConnection: close", body.len());
        let head =
            format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}");
        self.answer_to(&format!("POST /v1/people HTTP/1.1\r\n{host}\r\n{head}\r\n\r\n{body}"))
    }

    /// The first line of the answer to a request.
    fn answer_to(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap_or_default().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn next_line(log: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    (log.read_line(&mut line).unwrap() > 0).then(|| line.trim_end().to_owned())
}

const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0"];

#[test]
fn a_number_out_of_its_bounds_is_refused_naming_them() {
    let bounds = [
        ("--body-limit", "0", "not a whole number from 1024 to 1073741824"),
        ("--body-limit", "-1", "not a whole number from 1024 to 1073741824"),
        ("--body-limit", "1073741825", "not a whole number from 1024 to 1073741824"),
        ("--body-seconds", "0", "0 is not in 1..=3600"),
        ("--shutdown-seconds", "3601", "3601 is not in 0..=3600"),
        ("--workers", "0", "0 is not in 1..=256"),
        ("--readers", "257", "257 is not in 1..=256"),
        ("--trusted-proxies", "10.0.0.0/33", "write an address or a network, such as 10.0.0.0/8"),
        ("--queue", "0", "0 is not in 1..=65535"),
        ("--requests-per-minute", "1000001", "1000001 is not in 0..=1000000"),
    ];
    for (flag, value, why) in bounds {
        let (status, line) = refusal(&["serve", &format!("{flag}={value}")]);
        assert_eq!(status, 2, "{line}");
        assert!(
            line.starts_with(&format!("error: invalid value '{value}' for '{flag}")) && line.ends_with(why),
            "{line}"
        );
    }
}

#[test]
fn the_help_names_the_bounds_of_every_number() {
    let help = help("serve");
    for bounds in ["0 to 65535", "1 to 256", "1 to 65535", "1024 to 1073741824", "1 to 3600", "0 to 3600"] {
        assert!(help.contains(bounds), "{bounds} is not in {help}");
    }
}

#[test]
fn the_help_says_how_many_conferences_the_sample_has() {
    let conferences = include_str!("../data/sample/08-conferences.ndjson").lines().count();
    assert_eq!(conferences, 8);
    assert!(help("load").contains("sample: Eight conferences"), "{}", help("load"));
}

#[test]
fn log_of_a_new_database_is_proven() {
    let folder = folder();
    assert!(program(&folder, &["load", "reference"]).status().unwrap().success());
    let verified = program(&folder, &["verify"]).output().unwrap();
    let said = String::from_utf8(verified.stdout).unwrap();
    assert!(verified.status.success() && said.contains(" changes, the last with the hash "), "{said}");
}

#[test]
fn log_of_what_is_no_database_is_not_proven() {
    let folder = folder();
    let verified = program(&folder, &["verify", "--database-url", "sqlite:nothing.db"]).output().unwrap();
    let said = String::from_utf8(verified.stderr).unwrap();
    assert!(!verified.status.success() && said.contains("there is no database sqlite:nothing.db"), "{said}");
    assert!(!folder.path().join("nothing.db").exists(), "a database was made");
}

#[test]
fn a_token_needs_the_secret_of_the_server() {
    let (status, line) = refusal(&["token", "--subject", "an"]);
    assert_eq!(status, 1);
    assert!(line.ends_with("there is no secret in directive-tracker.secret: start the server first, in this folder, or give the secret that it has"), "{line}");
    assert!(help("token").contains("the one in the secret file is used, which `serve` makes"), "{}", help("token"));
}

#[test]
#[cfg(unix)]
fn a_secret_that_everybody_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let file = folder.path().join("directive-tracker.secret");
    std::fs::write(&file, "a secret of more than thirty-two bytes").unwrap();
    for (mode, status) in [(0o644, Some(78)), (0o604, Some(78)), (0o640, Some(0)), (0o600, Some(0))] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let made = program(&folder, &["token", "--subject", "an"]).output().unwrap();
        let said = String::from_utf8(made.stderr).unwrap();
        assert_eq!(made.status.code(), status, "{mode:o}: {said}");
        let why = "everybody may read the secret in directive-tracker.secret: chmod 600 directive-tracker.secret";
        assert_eq!(said.contains(why), status == Some(78), "{mode:o}: {said}");
    }
}

#[test]
fn an_address_that_is_none_is_refused_with_an_example() {
    let (status, line) = refusal(&["serve", "--listen", "8080"]);
    assert_eq!(status, 2);
    assert!(line.ends_with("write an address or a host name and a port, such as 127.0.0.1:8080"), "{line}");
}

#[test]
fn a_host_name_may_be_listened_on() {
    let folder = folder();
    let server = Server::start(program(&folder, &["serve", "--listen", "localhost:0"]));
    assert_eq!(server.status_of("/healthz"), "HTTP/1.1 200 OK");
}

#[test]
fn what_is_no_origin_is_refused_before_anything_is_made() {
    for origin in ["app.example", "https://app.example/path", "https://a.example,,https://b.example"] {
        let folder = folder();
        let output = program(&folder, &["serve", "--cors-origins", origin]).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(78), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains("is no origin for --cors-origins"), "{text}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn spaces_around_the_commas_between_origins_do_not_matter() {
    let folder = folder();
    let mut command = program(&folder, SERVE);
    command.env("DIRECTIVE_TRACKER_CORS_ORIGINS", "https://a.example , https://b.example/");
    assert_eq!(Server::start(command).status_of("/healthz"), "HTTP/1.1 200 OK");
}

#[test]
fn a_switch_on_the_command_line_undoes_the_environment() {
    let folder = folder();
    let status = |arguments: &[&str]| {
        let mut command = program(&folder, &[SERVE, arguments].concat());
        command.env("DIRECTIVE_TRACKER_PRIVATE", "true").env("DIRECTIVE_TRACKER_SAMPLE", "false");
        Server::start(command).status_of("/v1/documents")
    };
    assert_eq!(status(&[]), "HTTP/1.1 401 Unauthorized");
    assert_eq!(status(&["--private=false"]), "HTTP/1.1 200 OK");
    assert_eq!(status(&["--private"]), "HTTP/1.1 401 Unauthorized");
}

#[test]
fn hints_are_given_only_where_the_sample_is() {
    let folder = folder();
    let sample = [SERVE, &["--sample"]].concat();
    drop(Server::start(program(&folder, SERVE)));
    assert!(program(&folder, &["load", "reference"]).status().unwrap().success());
    let mut server = Server::start(program(&folder, &sample));
    let said = "is not empty, so the sample data are not loaded; `load sample` adds them to what is there";
    assert_eq!(server.begun.iter().filter(|line| line.contains(said)).count(), 1, "{:?}", server.begun);
    assert_eq!(server.lines_after_the_address(), Vec::<String>::new());
    drop(server);

    assert!(program(&folder, &["load", "sample"]).status().unwrap().success());
    let mut server = Server::start(program(&folder, &sample));
    let said = "is not empty; the sample data are there already";
    assert_eq!(server.begun.iter().filter(|line| line.contains(said)).count(), 1, "{:?}", server.begun);
    let hints = server.lines_after_the_address();
    assert!(hints.len() == 3 && hints.iter().all(|line| line.contains("try: curl")), "{hints:?}");
}

#[test]
fn a_level_that_is_none_does_not_silence_the_program() {
    let log = |level: &str| {
        let folder = folder();
        let output = program(&folder, &["migrate"]).env("RUST_LOG", level).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    let text = log("bogus");
    assert!(text.contains("RUST_LOG=\"bogus\" would log nothing of this program, so info is logged"), "{text}");
    assert!(text.contains("applied"), "{text}");
    for level in ["", "info", "directive_tracker=info", "INFO"] {
        let text = log(level);
        assert!(text.contains("applied") && !text.contains("RUST_LOG"), "{level}: {text}");
    }
    assert_eq!(log("off"), "");
}
