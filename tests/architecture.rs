//! The rules that no compiler checks, over the text of the files: who may know whom, and that nothing is forgotten.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use directive_tracker::http::code::CODES;
use directive_tracker::http::system;
use directive_tracker::sources::vocabulary::RecordType;
use directive_tracker::{enumerations, resources};

/// One file below the project's folder.
struct File {
    /// Its path from there.
    path: String,
    /// Its lines, with their numbers.
    lines: Vec<(usize, String)>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder.
fn files(folder: &str) -> Vec<File> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "no files in {folder}");
    found
}

fn collect(folder: &Path, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let lines = (1..).zip(text.lines().map(str::to_owned)).collect();
            found.push(File { path: path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned(), lines });
        }
    }
}

/// The code of the service: no comments, and no tests, which end the file that they are in.
fn code() -> Vec<File> {
    let mut files = files("src");
    for file in &mut files {
        if let Some(tests) = file.lines.iter().position(|(_, line)| line == "#[cfg(test)]") {
            assert!(
                file.lines[tests + 1].1.ends_with("mod tests {"),
                "{}: what is for tests stands in mod tests",
                file.path
            );
            let end = file.lines[tests..].iter().position(|(_, line)| line == "}").unwrap();
            assert_eq!(tests + end + 1, file.lines.len(), "{}: mod tests ends the file", file.path);
            file.lines.truncate(tests);
        }
        file.lines.retain(|(_, line)| !line.trim_start().starts_with("//"));
    }
    files
}

/// The lines of code, outside the files that may have them, in which `wrong` finds something.
fn offences(may: impl Fn(&str) -> bool, wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut offences = Vec::new();
    for file in code().iter().filter(|file| !may(&file.path)) {
        let lines = file.lines.iter().filter(|(_, line)| wrong(line));
        offences.extend(lines.map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())));
    }
    offences
}

const NONE: [String; 0] = [];

/// The words of a line of code.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| !character.is_alphanumeric() && character != '_')
}

/// The derives by which a small value of the domain can stand in a column are diesel's own, and must stand at the type.
fn is_column_derive(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("#[diesel(sql_type = ")
        || line
            .replace("diesel::expression::AsExpression", "")
            .replace("diesel::deserialize::FromSqlRow", "")
            .find("diesel")
            .is_none()
}

#[test]
fn only_the_database_and_the_stores_know_diesel() {
    let may = |path: &str| path.starts_with("src/db/") || path.ends_with("/store.rs");
    let in_domain = |path: &str| may(path) || path.starts_with("src/domain/");
    assert_eq!(offences(in_domain, |line| line.contains("diesel")), NONE);
    assert_eq!(offences(may, |line| line.contains("diesel") && !is_column_derive(line)), NONE);
}

#[test]
fn only_http_and_the_command_line_know_actix() {
    let may = |path: &str| path.starts_with("src/http/") || path == "src/commands/serve.rs";
    assert_eq!(offences(may, |line| line.contains("actix")), NONE);
}

#[test]
fn only_http_knows_status_codes() {
    let may = |path: &str| path.starts_with("src/http/");
    let statuses: BTreeSet<String> = CODES.iter().map(|row| row.status.to_string()).collect();
    // A constant with a name of its own is a length, and so is 500 wherever it stands.
    let is_status = |word: &str| word != "500" && statuses.contains(word);
    let wrong = |line: &str| line.contains("StatusCode") || (!line.contains("const ") && words(line).any(is_status));
    assert_eq!(offences(may, wrong), NONE);
}

#[test]
fn domain_knows_nobody() {
    let others = [
        "service",
        "http",
        "documents",
        "organizations",
        "people",
        "conferences",
        "tasks",
        "results",
        "sources",
        "changes",
        "app",
        "keys",
        "accounts",
        "transfer",
        "resources",
        "config",
        "enumerations",
        "idempotency",
        "tracking",
        "charts",
        "calendar",
        "linked_data",
        "metrics",
        "rights",
    ];
    let outside = |path: &str| !path.starts_with("src/domain/");
    assert_eq!(offences(outside, |line| others.iter().any(|name| line.contains(&format!("crate::{name}::")))), NONE);
}

#[test]
fn data_flow_one_way() {
    let outside =
        |path: &str| path.starts_with("src/http/") || ["src/main.rs", "src/resources.rs", "src/app.rs"].contains(&path);
    assert_eq!(offences(outside, |line| line.contains("crate::http")), NONE);
}

#[test]
fn nothing_panics_on_purpose() {
    let panics = [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!("];
    assert_eq!(offences(|_| false, |line| panics.iter().any(|call| line.contains(call))), NONE);
}

#[test]
fn no_test_waits_is_ignored_or_is_tried_again() {
    // The words are put together here, so that this file does not hold them.
    let banned = [["thread::", "sleep"].concat(), ["#[", "ignore"].concat(), ["time::", "sleep"].concat()];
    for file in files("tests").into_iter().chain(files("src")) {
        for (number, line) in &file.lines {
            let found = banned.iter().find(|word| line.contains(word.as_str()));
            assert!(found.is_none(), "{}:{number}: {line}", file.path);
        }
    }
}

#[test]
fn a_file_stays_readable() {
    for file in files("src").iter().filter(|file| file.path != "src/db/schema.rs") {
        assert!(file.lines.len() <= 600, "{} has {} lines", file.path, file.lines.len());
    }
}

#[test]
fn each_collection_has_its_files() {
    let paths: Vec<String> = files("src").into_iter().map(|file| file.path).collect();
    for collection in resources::ALL {
        for file in ["mod.rs", "store.rs"] {
            let end = format!("/{}/{file}", collection.kind());
            assert!(paths.iter().any(|path| path.ends_with(&end)), "no src/*{end}");
        }
    }
}

#[test]
fn each_collection_has_its_table_on_both_databases() {
    for database in ["sqlite", "postgres"] {
        let text = migrations(database).concat();
        for collection in resources::ALL {
            let statement = format!("CREATE TABLE {} (", collection.table());
            assert!(text.contains(&statement), "{database}: no {statement}");
        }
    }
}

#[test]
fn each_migration_has_the_same_name_on_both_databases_and_a_way_back() {
    let names = |database: &str| -> Vec<String> {
        let folders =
            fs::read_dir(root().join("migrations").join(database)).unwrap().map(|entry| entry.unwrap().path());
        let mut names: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
        names.sort();
        for folder in &names {
            for file in ["up.sql", "down.sql"] {
                assert!(folder.join(file).is_file(), "no {file} in {}", folder.display());
            }
        }
        names.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

/// The text of the migrations of a database.
fn migrations(database: &str) -> Vec<String> {
    let folders = fs::read_dir(root().join("migrations").join(database)).unwrap().map(|entry| entry.unwrap().path());
    folders.filter(|path| path.is_dir()).map(|path| fs::read_to_string(path.join("up.sql")).unwrap()).collect()
}

#[test]
fn each_collection_has_tests_through_http() {
    let text: String =
        files("tests/api").into_iter().flat_map(|file| file.lines).map(|(_, line)| line + "\n").collect();
    for collection in resources::ALL {
        assert!(text.contains(&format!("/v1/{}", collection.name())), "no test in tests/api of {}", collection.name());
    }
}

#[test]
fn each_collection_is_in_the_openapi_document() {
    let document = system::document();
    for collection in resources::ALL {
        for path in ["", "/{id}", "/{id}/history", "/by-key/{system}/{key}"] {
            let path = format!("/v1/{}{path}", collection.name());
            assert!(document["paths"].get(&path).is_some(), "{path}");
        }
        assert!(document["components"]["schemas"].get(collection.schema()).is_some(), "{}", collection.schema());
    }
}

#[test]
fn a_claim_may_be_about_a_record_of_every_collection() {
    let sorted = |mut names: Vec<&'static str>| {
        names.sort_unstable();
        names
    };
    let types = RecordType::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(sorted(types), sorted(resources::ALL.iter().map(|collection| collection.kind()).collect()));
}

#[test]
fn each_vocabulary_has_the_codes_of_its_rows_in_the_table_of_labels() {
    let table = enumerations::all().unwrap();
    let mut seen = 0;
    for file in code() {
        let mut lines = file.lines.iter().map(|(_, line)| line.trim());
        while let Some(line) = lines.find(|line| line.starts_with("pub enum ") && line.ends_with("\" {")) {
            let name = line.split('"').nth(1).unwrap();
            let codes: Vec<&str> = lines
                .by_ref()
                .take_while(|line| *line != "}")
                .filter(|line| !line.starts_with('#'))
                .map(|line| line.split('"').nth(1).unwrap())
                .collect();
            let rows = table.iter().find(|known| known.name == name).unwrap_or_else(|| panic!("no rows of {name}"));
            let labelled: Vec<&str> = rows.values.iter().map(|value| value.code.as_str()).collect();
            assert_eq!(codes, labelled, "{name}");
            seen += 1;
        }
    }
    assert!(seen >= 20, "only {seen} vocabularies were found");
}
