//! `user` and `keys`: accounts without a server, and the keys that sign tokens.

use std::io::Write;
use std::process::{Output, Stdio};

use tempfile::TempDir;

use super::{SERVE, Server, folder, program, run};

/// What comes of a command that is given a password.
fn given(folder: &TempDir, arguments: &[&str], password: &str) -> Output {
    let mut command = program(folder, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that refuses at once reads nothing.
    let _ = child.stdin.take().unwrap().write_all(password.as_bytes());
    child.wait_with_output().unwrap()
}

/// The status of a command, and what it said.
fn said(output: &Output) -> (i32, String) {
    let text = String::from_utf8([&output.stdout[..], &output.stderr[..]].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

const GOOD: &str = "cá kho làng Vũ Đại\n";

#[test]
fn first_administrator_is_made_at_the_command_line_and_signs_in() {
    let folder = folder();
    let add = ["user", "add", "Admin.Lan", "--role", "administrator", "--display-name", "Nguyễn Thị Lan"];
    let (status, text) = said(&given(&folder, &add, GOOD));
    assert!(status == 0 && text.contains("made the account of admin.lan, administrator"), "{text}");
    assert!(!text.contains("cá kho"), "{text}");
    let list = program(&folder, &["user", "list"]).output().unwrap();
    assert_eq!(String::from_utf8(list.stdout).unwrap(), "admin.lan\tadministrator\tenabled\tNguyễn Thị Lan\n");
    let server = Server::start(program(&folder, SERVE));
    let sign_in = |password: &str| {
        let body = format!(r#"{{"grant_type":"password","username":"admin.lan","password":"{password}"}}"#);
        let head = format!(
            "Host: test\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}",
            body.len()
        );
        server.answer_to(&format!("POST /v1/auth/token HTTP/1.1\r\n{head}\r\n\r\n{body}"))
    };
    assert_eq!(sign_in(GOOD.trim_end()), "HTTP/1.1 200 OK");
    assert_eq!(sign_in("another"), "HTTP/1.1 401 Unauthorized");
}

#[test]
fn password_that_may_not_be_chosen_makes_no_account() {
    let folder = folder();
    for (password, why) in [
        ("short\n", "the password must have at least 8 characters"),
        ("matkhau2026\n", "the password is among the first that are guessed"),
        ("", "the password must have at least 8 characters"),
    ] {
        let (status, text) = said(&given(&folder, &["user", "add", "lan", "--role", "editor"], password));
        assert!(status == 1 && text.contains(why), "{text}");
    }
    assert!(program(&folder, &["user", "list"]).output().unwrap().stdout.is_empty());
    for wrong in [
        &["user", "add", "l", "--role", "editor"][..],
        &["user", "add", "lan", "--role", "king"],
        &["user", "add", "lan"],
    ] {
        assert_eq!(run(wrong).status.code(), Some(2), "{wrong:?}");
    }
    let (status, text) = said(&run(&["user", "list"]));
    assert!(status == 1 && text.contains("there is no database"), "{text}");
}

#[test]
fn account_is_changed_at_the_command_line() {
    let folder = folder();
    let add = |name: &str, role: &str| given(&folder, &["user", "add", name, "--role", role], GOOD);
    assert_eq!(said(&add("lan", "administrator")).0, 0);
    assert_eq!(said(&add("an", "reader")).0, 0);
    let (status, text) = said(&add("LAN", "reader"));
    assert!(status == 1 && text.contains("there is a user lan already"), "{text}");
    let (status, text) = said(&given(&folder, &["user", "disable", "lan"], ""));
    assert!(status == 1 && text.contains("This is the last administrator"), "{text}");
    assert_eq!(said(&given(&folder, &["user", "disable", "an"], "")).0, 0);
    assert_eq!(said(&given(&folder, &["user", "password", "lan"], "năm con ngựa trắng\n")).0, 0);
    let (status, text) = said(&given(&folder, &["user", "password", "nobody"], GOOD));
    assert!(status == 1 && text.contains("there is no user nobody"), "{text}");
    let list = program(&folder, &["user", "list"]).output().unwrap();
    assert_eq!(String::from_utf8(list.stdout).unwrap(), "lan\tadministrator\tenabled\nan\treader\tdisabled\n");
    assert!(program(&folder, &["check"]).status().unwrap().success());
}

#[test]
fn account_of_an_organization_is_made_at_the_command_line() {
    let folder = folder();
    assert!(program(&folder, &["load", "reference"]).status().unwrap().success());
    let add = |name: &str, more: &[&str]| {
        said(&given(&folder, &[&["user", "add", name, "--role", "editor"], more].concat(), GOOD))
    };
    let (status, text) = add("lan", &["--admin-unit", "1"]);
    assert!(status == 0 && text.contains("made the account of lan, editor of admin_unit 1"), "{text}");
    assert_eq!(add("an", &["--organization", "2"]).0, 0);
    let (status, text) = add("binh", &["--organization", "999999"]);
    assert!(status == 1 && text.contains("it points at organization 999999, which does not exist"), "{text}");
    assert_eq!(add("binh", &["--organization", "2", "--admin-unit", "1"]).0, 2);
    let list = program(&folder, &["user", "list"]).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    assert_eq!(list, "lan\teditor of admin_unit 1\tenabled\nan\teditor of organization 2\tenabled\n");
    assert!(program(&folder, &["check"]).status().unwrap().success());
}

#[test]
fn signing_key_is_exchanged_with_a_day_of_notice_or_at_once() {
    let folder = folder();
    drop(Server::start(program(&folder, SERVE)));
    let listed = || {
        let list = program(&folder, &["keys", "list"]).output().unwrap();
        let text = String::from_utf8(list.stdout).unwrap();
        text.lines().map(|line| line.split('\t').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(), ["current"]);
    assert!(program(&folder, &["keys", "rotate"]).status().unwrap().success());
    assert_eq!(listed(), ["current", "next"]);
    let (status, text) = said(&program(&folder, &["keys", "rotate"]).output().unwrap());
    assert!(status == 1 && text.contains("The next key is there already"), "{text}");
    assert!(program(&folder, &["keys", "rotate", "--now"]).status().unwrap().success());
    let mut now = listed();
    now.sort();
    assert_eq!(now, ["current", "past", "past"]);
}
