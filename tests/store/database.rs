//! The whole database as lines: the same bytes from either database, one moment of it, and nothing taken that is not whole.

use std::io::{self, Write};

use diesel::connection::SimpleConnection;
use directive_tracker::changes::verify::Proof;
use directive_tracker::changes::{Change, Operation};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::alone;
use directive_tracker::db::{Conn, Scope};
use directive_tracker::domain::{Actor, Stamp};
use directive_tracker::keys::store as keys;
use directive_tracker::transfer::database::export::export;
use directive_tracker::transfer::database::format::{FORMAT, Header, Line, VERSION};
use directive_tracker::transfer::load::{self, DataSet};
use directive_tracker::transfer::ndjson;
use directive_tracker::{changes, db::migrate};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::records::found;
use crate::support::Engine;
use crate::support::service::{NOW, Storage, exported, imported};
use crate::writer::{person, person_with_key};

fn load_sample(storage: &Storage) {
    let stamp = Stamp { actor: Actor::system("load"), request_id: "load".to_owned(), now: NOW.parse().unwrap() };
    for set in [DataSet::Reference, DataSet::Sample] {
        alone(&mut storage.connect(Purpose::Write), |conn| load::load(conn, &stamp, set)).unwrap();
    }
}

/// Three people, the second of whom has a key.
fn three_people(storage: &Storage) {
    let mut conn = storage.connect(Purpose::Write);
    person(&mut conn, "An").unwrap();
    person_with_key(&mut conn, "Bình", "b").unwrap();
    person(&mut conn, "Chi").unwrap();
}

fn log(conn: &mut Conn) -> Vec<Change> {
    changes::store::after(conn, Scope::All, 0, None, 10_000).unwrap()
}

fn lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8(bytes.to_vec()).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn sample_goes_from_one_database_to_the_other_and_back_as_the_same_bytes() {
    let first = Storage::migrated(Engine::Sqlite);
    load_sample(&first);
    let bytes = exported(&first);
    for engine in [Engine::Postgres, Engine::Sqlite] {
        let storage = Storage::migrated(engine);
        let counts = imported(&storage, &bytes).unwrap();
        assert_eq!((counts.changes, counts.records), (1556, 1556));
        assert!(exported(&storage) == bytes, "other bytes out of {engine:?}");
        assert_eq!(found(&mut storage.connect(Purpose::Read)), Vec::<String>::new());
    }
}

on_both_engines!(lines_are_those_of_the_format, |engine| {
    let storage = Storage::migrated(engine);
    three_people(&storage);
    let lines = lines(&exported(&storage));
    insta::allow_duplicates! {
        assert_snapshot!(lines[0], @r#"{"type":"database","format":"directive-tracker","version":1,"schema":"20261126000081","changes":3,"external_keys":1,"last_hash":"9ec52003259ac152539b8b11f2ebc2b18902b37a26940e84d391f57dae621192"}"#);
        assert_snapshot!(lines[2], @r#"{"type":"change","sequence":2,"resource":"person","record_id":2,"version":1,"operation":"create","actor":"Bình","credential":null,"request_id":"Bình","recorded_at":"2026-11-21T03:00:00.000000Z","visibility":"public","after":"{\"id\":2,\"version\":1,\"created_at\":\"2026-11-21T03:00:00.000000Z\",\"updated_at\":\"2026-11-21T03:00:00.000000Z\",\"deleted_at\":null,\"visibility\":\"public\",\"managed_by\":null,\"name\":\"Bình\",\"other_names\":[],\"note\":null}","previous_hash":"ba22a882df86798edf392777b4f917c27f824f477a9815defd3c17f1210a01a1","hash":"69f45a043ffeeb8086702d08cbde0651c7c04331b3a7a9a71896a51c55548aff","key_system":"partner","external_key":"b"}"#);
        assert_snapshot!(lines[4], @r#"{"type":"external_key","resource":"person","system":"partner","key":"b","record_id":2}"#);
        assert_snapshot!(lines[5], @r#"{"type":"export_end","count":5,"digest":"sha-256=:qHAuXfvCfLh4hk1lDWFPMYSGxEDtsfpRJt5lZLsWMqA=:"}"#);
    }
    assert_eq!(lines.len(), 6);
});

on_both_engines!(constraint_that_was_put_off_holds_again_after_an_import, |engine| {
    let source = Storage::migrated(Engine::Sqlite);
    three_people(&source);
    let storage = Storage::migrated(engine);
    imported(&storage, &exported(&source)).unwrap();
    // Were it still put off, it would be looked at on COMMIT only, which never comes.
    let dangling = "BEGIN; UPDATE people SET managed_by_id = 99; ROLLBACK;";
    let refused = storage.connect(Purpose::Write).batch_execute(dangling).unwrap_err().to_string().to_lowercase();
    assert!(refused.contains("foreign key constraint"), "{refused}");
});

on_both_engines!(database_without_a_record_goes_through_too, |engine| {
    let bytes = exported(&Storage::migrated(engine));
    let storage = Storage::migrated(engine.other());
    assert_eq!(imported(&storage, &bytes).unwrap().changes, 0);
    assert_eq!(exported(&storage), bytes);
});

/// Takes bytes, and writes to the database when the first come.
struct Interrupting {
    conn: Conn,
    bytes: Vec<u8>,
}

impl Write for Interrupting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.is_empty() {
            alone(&mut self.conn, |conn| person(conn, "Dung")).unwrap();
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

on_both_engines!(export_is_of_the_moment_at_which_it_began, |engine| {
    let storage = Storage::migrated(engine);
    three_people(&storage);
    let before = exported(&storage);
    let mut out = Interrupting { conn: storage.connect(Purpose::Write), bytes: Vec::new() };
    export(&mut storage.connect(Purpose::Read), &mut out, &mut |_| {}).unwrap();
    assert!(out.bytes == before, "what was written later is in it");
    assert_eq!(log(&mut out.conn).len(), 4, "nothing was written meanwhile");
});

on_both_engines!(broken_log_is_not_exported, |engine| {
    let storage = Storage::migrated(engine);
    three_people(&storage);
    let mut conn = storage.connect(Purpose::Write);
    let guard = match engine {
        Engine::Sqlite => "DROP TRIGGER changes_no_update",
        Engine::Postgres => "DROP TRIGGER changes_no_update ON changes",
    };
    conn.batch_execute(&format!("{guard}; UPDATE changes SET actor = 'x' WHERE sequence = 2")).unwrap();
    let failed = export(&mut conn, &mut Vec::new(), &mut |_| {}).unwrap_err();
    assert_eq!(format!("{failed:#}"), "row 2 of the log was altered");
});

on_both_engines!(only_an_empty_database_is_imported_into, |engine| {
    let storage = Storage::migrated(engine);
    three_people(&storage);
    let bytes = exported(&storage);
    let refused = imported(&storage, &bytes).unwrap_err();
    assert_eq!(format!("{refused:#}"), "it is not empty: import into a new one");
    assert_eq!(exported(&storage), bytes);
});

/// What an import of these bytes is refused with. Nothing is written of it.
fn refusal(storage: &Storage, bytes: &[u8]) -> String {
    let refused = match imported(storage, bytes) {
        Ok(counts) => format!("taken: {counts:?}"),
        Err(error) => format!("{error:#}"),
    };
    let mut conn = storage.connect(Purpose::Read);
    assert_eq!((log(&mut conn).len(), keys::count(&mut conn).unwrap()), (0, 0), "{refused}");
    refused
}

/// The lines with a last line that is right, so that what else is wrong is found.
fn sealed<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut sealed = ndjson::Lines::default();
    let mut bytes = Vec::new();
    for line in lines {
        let line = format!("{line}\n").into_bytes();
        sealed.pass(&line);
        bytes.extend(line);
    }
    bytes.extend(sealed.end());
    bytes
}

on_both_engines!(file_that_is_not_as_it_was_written_is_refused_with_the_line, |engine| {
    let source = Storage::migrated(Engine::Sqlite);
    three_people(&source);
    let bytes = exported(&source);
    let text = String::from_utf8(bytes.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let [header, one, two, three, key, _] = lines[..] else { panic!("{text}") };
    let other_header = |name: &str, value: Value| {
        let mut changed: Value = serde_json::from_str(header).unwrap();
        changed[name] = value;
        changed.to_string()
    };
    let target = Storage::migrated(engine);
    let refused = |bytes: &[u8]| refusal(&target, bytes);
    let altered = |from: &str, to: &str| refused(text.replacen(from, to, 1).as_bytes());
    let cases = [
        ("nothing", refused(b"")),
        ("no JSON", refused(b"SQLite\n")),
        ("another file", refused(b"{\"type\":\"document\"}\n")),
        ("a later version", refused(&sealed([&*other_header("version", json!(2))]))),
        ("a newer schema", refused(&sealed([&*other_header("schema", json!("20990101000000"))]))),
        ("an older schema", refused(&sealed([&*other_header("schema", json!("20261121000009"))]))),
        ("a field too many", refused(&sealed([&*other_header("x", json!(1))]))),
        ("cut off in a line", refused(&bytes[..bytes.len() - 200])),
        ("cut off by its last byte", refused(&bytes[..bytes.len() - 1])),
        ("cut off between lines", refused(text.rsplit_once(key).unwrap().0.as_bytes())),
        ("without the last line", refused(format!("{}\n", lines[..5].join("\n")).as_bytes())),
        ("an altered byte", altered("Bình", "Bính")),
        ("an altered byte of a key", altered("\"key\":\"b\"", "\"key\":\"c\"")),
        ("another count", altered("\"count\":5", "\"count\":6")),
        ("a line more", refused(format!("{text}{key}\n").as_bytes())),
        ("a change left out", refused(&sealed([header, one, three, key]))),
        ("a change twice", refused(&sealed([header, one, two, two, three, key]))),
        ("no JSON in the middle", refused(&sealed([header, one, "{", three, key]))),
        ("a change too few", refused(&sealed([header, one, two, key]))),
        ("a change too many", refused(&sealed([&*other_header("changes", json!(2)), one, two, three, key]))),
        ("another last hash", refused(&sealed([&*other_header("last_hash", json!("0")), one, two, three, key]))),
        ("a key too few", refused(&sealed([header, one, two, three]))),
        ("keys out of order", {
            let two_keys = other_header("external_keys", json!(2));
            refused(&sealed([&*two_keys, one, two, three, key, key]))
        }),
        ("a key of nothing", {
            let nobody = key.replace("\"record_id\":2", "\"record_id\":4");
            refused(&sealed([header, one, two, three, &nobody]))
        }),
        ("a key of another record", refused(&sealed([header, one, two, three, &key.replace(":2}", ":3}")]))),
        ("a key left out", refused(&sealed([&*other_header("external_keys", json!(0)), one, two, three]))),
        ("a key of nobody's giving", {
            let (two_keys, other) = (other_header("external_keys", json!(2)), key.replace("\"b\"", "\"c\""));
            refused(&sealed([&*two_keys, one, two, three, key, &other]))
        }),
        ("a code that is none", altered("\"operation\":\"create\"", "\"operation\":\"make\"")),
    ];
    let cases: Vec<String> = cases.iter().map(|(name, refused)| format!("{name}: {refused}")).collect();
    insta::allow_duplicates! {
        assert_snapshot!(cases.join("\n"), @r#"
        nothing: it is empty
        no JSON: line 1: is not the first line of an exported database
        another file: line 1: is not the first line of an exported database
        a later version: line 1: is of version 2 of the format; this program reads version 1
        a newer schema: line 1: is of a newer program, with the schema 20990101000000: import it with that; this one has 20261126000081
        an older schema: line 1: is of an older program, with the schema 20261121000009: import it with that, and then bring the database to 20261126000081 with `migrate` of this one
        a field too many: line 1: is no line of such a file: unknown field `x`, expected one of `format`, `version`, `schema`, `changes`, `external_keys`, `last_hash`
        cut off in a line: line 4: is cut off
        cut off by its last byte: line 6: is cut off
        cut off between lines: it ends behind line 4, before its last line
        without the last line: it ends behind line 5, before its last line
        an altered byte: line 3: row 2 of the log was altered
        an altered byte of a key: line 6: the digest is not that of the lines before it, so one of them was altered
        another count: line 6: says that 6 lines stand before it, which are 5
        a line more: line 7: stands behind the last line
        a change left out: line 3: row 2 of the log is missing
        a change twice: line 4: row 3 of the log is missing
        no JSON in the middle: line 3: is no line of such a file: EOF while parsing an object
        a change too few: line 4: is no change; the first line promises 3, and there are 2
        a change too many: line 1: says that the last hash is 9ec52003259ac152539b8b11f2ebc2b18902b37a26940e84d391f57dae621192, and it is 69f45a043ffeeb8086702d08cbde0651c7c04331b3a7a9a71896a51c55548aff
        another last hash: line 1: says that the last hash is 0, and it is 9ec52003259ac152539b8b11f2ebc2b18902b37a26940e84d391f57dae621192
        a key too few: line 5: is no external key; the first line promises 1, and there are 0
        keys out of order: line 6: does not stand in the order of external keys, or stands there twice
        a key of nothing: line 5: names person 4, which the log does not have
        a key of another record: the external key partner/b names person 3, and person 2 in the log
        a key left out: the external key partner/b of person 2 is in the log and not in its table
        a key of nobody's giving: the external key partner/c of person 2 is in its table and not in the log
        a code that is none: line 2: is no line of such a file: a value is not a code of the enumeration change_operation
        "#);
    }
    assert_eq!(imported(&target, &bytes).unwrap().records, 3);
});

/// The lines of a log that somebody has made up, whose chain holds.
fn forged(source: &Storage, forge: impl FnOnce(&mut Vec<Change>)) -> Vec<u8> {
    let mut changes = log(&mut source.connect(Purpose::Read));
    forge(&mut changes);
    let mut proof = Proof::begin();
    for (sequence, change) in (1..).zip(&mut changes) {
        change.sequence = sequence;
        (change.key_system, change.external_key) = (None, None);
        change.previous_hash.clone_from(&proof.last_hash);
        change.hash = change.computed_hash();
        proof.extend(change).unwrap();
    }
    let header = Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        schema: migrate::schema().unwrap(),
        changes: u64::try_from(changes.len()).unwrap(),
        external_keys: 0,
        last_hash: proof.last_hash,
    };
    let all = std::iter::once(Line::Database(header)).chain(changes.into_iter().map(Line::Change));
    let all: Vec<String> = all.map(|line| serde_json::to_string(&line).unwrap()).collect();
    sealed(all.iter().map(String::as_str))
}

on_both_engines!(log_whose_chain_holds_and_whose_records_are_none_is_refused_with_the_line, |engine| {
    let source = Storage::migrated(Engine::Sqlite);
    three_people(&source);
    let target = Storage::migrated(engine);
    let with = |change: &mut Change, name: &str, value: Value| {
        let mut record: Value = serde_json::from_str(&change.after).unwrap();
        record[name] = value;
        change.after = record.to_string();
    };
    let refused = |forge: &dyn Fn(&mut Vec<Change>)| refusal(&target, &forged(&source, forge));
    let cases = [
        ("an unknown type", refused(&|log| log[1].resource = String::from("meeting"))),
        ("no record", refused(&|log| log[1].after = String::from("[]"))),
        ("another record", refused(&|log| log[1].record_id = 7)),
        ("another version", refused(&|log| log[2].version = 2)),
        ("an unknown field", refused(&|log| with(&mut log[1], "shoe_size", json!(43)))),
        ("a field of another type", refused(&|log| with(&mut log[1], "name", json!(5)))),
        ("a field that is missing", refused(&|log| with(&mut log[1], "name", Value::Null))),
        ("an owner that is none", refused(&|log| with(&mut log[2], "managed_by", json!(99)))),
        ("a text that would be put right", refused(&|log| with(&mut log[2], "name", json!("  Chi ")))),
        ("the same version twice", refused(&|log| log.push(log[2].clone()))),
    ];
    let cases: Vec<String> = cases.iter().map(|(name, refused)| format!("{name}: {refused}")).collect();
    insta::allow_duplicates! {
        assert_snapshot!(cases.join("\n"), @r#"
        an unknown type: line 3: there are no records of the type "meeting"
        no record: line 3: after is no record
        another record: line 3: after is another record, or another version of it
        another version: line 4: after is another record, or another version of it
        an unknown field: line 3: cannot be kept: changes.after of row 2: unknown field `shoe_size`, expected one of `name`, `other_names`, `note`
        a field of another type: line 3: cannot be kept: changes.after of row 2: invalid type: integer `5`, expected a string
        a field that is missing: line 3: cannot be kept: changes.after of row 2: invalid type: null, expected a string
        an owner that is none: line 4: managed_by points at organization 99, which the log does not have
        a text that would be put right: line 4: cannot be kept: row 3 of the log: name would not be kept as it is
        the same version twice: line 5: version 1 of person 3 stands there twice
        "#);
    }
    assert_eq!(imported(&target, &forged(&source, |log| log[2].operation = Operation::Create)).unwrap().records, 3);
});
