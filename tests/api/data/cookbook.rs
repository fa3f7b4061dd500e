//! The cookbook says what the service says: each of its lines is asked, and its answer compared to the letter.

use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::support::Client;

const COOKBOOK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cookbook.md"));
/// How many questions it answers.
const QUESTIONS: usize = 15;
/// How a block of the text begins that asks something.
const ASKS: &str = "sh\ncurl -s \"$api";

/// How a line goes on that sends a parameter as it is written.
const ENCODES: &str = " -G --data-urlencode \"";

/// The address that a line asks for, and which part of the answer it shows, as `jq` names it.
fn request(asked: &str) -> (String, Option<&str>) {
    let (path, rest) = asked.split_once('"').unwrap_or_else(|| panic!("is not one line: {asked}"));
    assert!(path.starts_with("/v1/") && !path.contains(['$', '`', '\n', ' ']), "{path}");
    let (path, rest) = match rest.strip_prefix(ENCODES).and_then(|rest| rest.split_once('"')) {
        Some((parameter, rest)) => (format!("{path}&{}", encoded(parameter)), rest),
        None => (path.to_owned(), rest),
    };
    let shown = rest.strip_prefix(" | jq '.").and_then(|rest| rest.strip_suffix('\''));
    assert!(rest.is_empty() || shown.is_some_and(|shown| !shown.contains(['\'', '|', ' '])), "{asked}");
    (path, shown)
}

/// A parameter, `name=value`, with its value as `curl` encodes it.
fn encoded(parameter: &str) -> String {
    assert!(!parameter.contains(['$', '`', '\n', '\\']), "{parameter}");
    let (name, value) = parameter.split_once('=').unwrap();
    format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
}

/// The block that stands below a line: in JSON what `jq` shows of the answer, else the answer as it came.
fn answer(client: &Client, asked: &str) -> String {
    let (path, shown) = request(asked);
    let given = client.get(&path).expect(200);
    let Some(shown) = shown else { return format!("text\n{}\n", given.text().replace("\r\n", "\n").trim_end()) };
    let pointer = format!("/{}", shown.replace(['.', '['], "/").replace(']', ""));
    let value = given.json().pointer(&pointer).cloned().unwrap_or_else(|| panic!("{path} has no {shown}"));
    format!("json\n{}\n", serde_json::to_string_pretty(&value).unwrap())
}

/// The text, with what each of its lines is answered now in the block that follows.
fn answered(client: &Client, text: &str) -> String {
    let mut waits = None;
    let mut pieces: Vec<String> = text.split("```").map(str::to_owned).collect();
    for block in pieces.iter_mut().skip(1).step_by(2) {
        match (waits.take(), block.strip_prefix(ASKS)) {
            (None, Some(asked)) => waits = Some(answer(client, asked.trim_end())),
            (Some(answer), None) => *block = answer,
            (None, None) => {}
            (Some(_), Some(asked)) => panic!("the line before has no answer: {asked}"),
        }
    }
    assert_eq!(waits, None, "the last line has no answer");
    pieces.join("```")
}

#[test]
fn each_of_the_fifteen_questions_is_asked() {
    let sections: Vec<&str> = COOKBOOK.split("\n## ").skip(1).collect();
    assert_eq!(sections.len(), QUESTIONS);
    for (number, section) in (1..).zip(sections) {
        assert!(section.starts_with(&format!("{number}. ")), "{number}: {section}");
        let [commands, asked] = ["```sh\n", &format!("```{ASKS}/v1/")].map(|begins| section.matches(begins).count());
        assert!(asked > 0 && asked == commands, "{number}: {asked} of {commands} commands are asked");
    }
}

on_loaded!(every_answer_of_the_cookbook_is_the_one_that_is_given, |service| {
    let right = answered(&service.public(), COOKBOOK);
    if right != COOKBOOK {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cookbook.md");
        std::fs::write(&file, right).unwrap();
        panic!("the cookbook is out of date; after reading the difference: cp {} docs/cookbook.md", file.display());
    }
});
