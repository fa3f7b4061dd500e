//! The same import twice, several at once, and under a key.

use std::thread;

use diesel::connection::SimpleConnection;
use directive_tracker::db::conn::Purpose;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{NDJSON, body, import, key, lines, person, results, send, sums, told};
use crate::bad_input::writes;
use crate::reading::rows as records;
use crate::support::service::Storage;
use crate::support::{Client, Engine, Response, Service, small_settings};

/// More rows than one job settles, half of them before those that they wait for.
fn many() -> Vec<Value> {
    let below = (0..150).map(|at| body(&format!("low-{at}"), Some(&format!("top-{at}"))));
    let above = (0..150).map(|at| body(&format!("top-{at}"), None));
    below.chain(above).chain((0..150).map(|at| person(&format!("p-{at}")))).collect()
}

fn last_change(client: &Client) -> Value {
    let mut next = "/v1/changes?limit=200".to_owned();
    let mut last = Value::Null;
    loop {
        let page = client.get(&next).expect(200).json();
        last = page["data"].as_array().unwrap().last().cloned().unwrap_or(last);
        if page["page"]["more"] == false {
            return last;
        }
        page["links"]["next"].as_str().unwrap().clone_into(&mut next);
    }
}

on_both!(same_import_again_changes_nothing_and_logs_nothing, |service| {
    let editor = service.editor();
    assert_eq!(
        sums(&import(&editor, "", &many())),
        json!({ "lines": 450, "created": 450, "updated": 0, "unchanged": 0, "revived": 0, "rolled_back": 0, "failed": 0, "committed": true })
    );
    let before = last_change(&editor);
    assert_eq!(before["sequence"], 450);
    for query in ["", "?mode=merge", "?atomic=true"] {
        let told = import(&editor, query, &many());
        assert_eq!((&sums(&told)["unchanged"], results(&told).len()), (&json!(450), 450), "{query}");
    }
    assert_eq!(last_change(&editor), before);
});

on_both!(two_imports_at_once_make_each_record_once, |service| {
    let editor = service.editor();
    let both: Vec<Vec<Value>> = thread::scope(|scope| {
        let forwards = scope.spawn(|| import(&editor, "", &many()));
        let backwards = scope.spawn(|| import(&editor, "", &many().into_iter().rev().collect::<Vec<_>>()));
        [forwards, backwards].map(|sender| sender.join().unwrap()).into()
    });
    let sum = |name: &str| both.iter().map(|told| sums(told)[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("created"), sum("unchanged"), sum("failed")), (450, 450, 0));
    for (collection, count) in [("organizations", 300), ("people", 150)] {
        assert_eq!(editor.get(&format!("/v1/{collection}?count=exact&limit=1")).json()["page"]["count"], count);
    }
    assert_eq!(last_change(&editor)["sequence"], 450);
});

on_both!(others_write_between_the_jobs_of_an_import, |service| {
    let editor = service.editor();
    thread::scope(|scope| {
        let long = scope.spawn(|| import(&editor, "", &many()));
        for at in 0..20 {
            editor.post("/v1/sources", &json!({ "title": at.to_string(), "kind": "original" })).expect(201);
        }
        assert_eq!(sums(&long.join().unwrap())["created"], 450);
    });
    assert_eq!(last_change(&editor)["sequence"], 470);
});

/// Rows of people, of whom the last but one takes the connection of the writer away.
fn fatal(storage: &Storage) -> Vec<Value> {
    let trigger = "
        CREATE FUNCTION take_away() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
        CREATE TRIGGER fatal BEFORE INSERT ON people FOR EACH ROW WHEN (NEW.name = '1048') EXECUTE FUNCTION take_away()";
    storage.connect(Purpose::Write).batch_execute(trigger).unwrap();
    (0..1050)
        .map(|at| json!({ "type": "person", "external_key": key(&at.to_string()), "name": at.to_string() }))
        .collect()
}

#[test]
fn import_that_loses_its_database_tells_how_far_it_came() {
    let service = Service::start(Engine::Postgres, small_settings());
    let editor = service.editor();
    let rows = fatal(&service.storage);
    let told = import(&editor, "", &rows);
    // What was committed before stays, and is told; the last line says why there is no more.
    assert_eq!(told.len(), 1001);
    let end = &told[1000];
    assert_eq!((&end["type"], &end["created"], &end["committed"]), (&json!("import_end"), &json!(1000), &json!(true)));
    assert_eq!((&end["problem"]["status"], &end["problem"]["code"]), (&json!(503), &json!("database_unavailable")));
    service.storage.connect(Purpose::Write).batch_execute("DROP TRIGGER fatal ON people").unwrap();
    let sums = sums(&import(&editor, "", &rows));
    assert_eq!((&sums["created"], &sums["unchanged"]), (&json!(50), &json!(1000)));
}

fn under_key(client: &Client, key: &str, query: &str, lines: &str) -> Response {
    client.request("POST", &format!("/v1/import{query}")).header("Idempotency-Key", key).body(NDJSON, lines).send()
}

on_both!(import_under_a_key_is_done_once_and_answered_again, |service| {
    let editor = service.editor();
    // Rows without a key would be made again.
    let rows: Vec<Value> = (0..450).map(|at| json!({ "type": "person", "name": at.to_string() })).collect();
    let first = under_key(&editor, "k-1", "", &lines(&rows)).expect(200);
    assert_eq!((first.header("idempotent-replayed"), &sums(&told(&first))["created"]), (None, &json!(450)));
    let again = under_key(&editor, "k-1", "", &lines(&rows)).expect(200);
    assert_eq!((again.header("idempotent-replayed"), again.text()), (Some("true"), first.text()));
    assert_eq!(
        under_key(&editor, "k-1", "?mode=merge", &lines(&rows)).expect(422).json()["code"],
        "idempotency_key_reused"
    );
    assert_eq!(under_key(&editor, "k-1", "", &lines(&rows[1..])).expect(422).json()["code"], "idempotency_key_reused");
    assert_eq!(last_change(&editor)["sequence"], 450);
});

on_both!(import_that_was_undone_leaves_its_key_free, |service| {
    let editor = service.editor();
    let bad = lines(&[json!({ "type": "person", "name": "" })]);
    for query in ["?atomic=true", "?dry_run=true"] {
        for _ in 0..2 {
            assert_eq!(under_key(&editor, "k-1", query, &bad).expect(200).header("idempotent-replayed"), None);
        }
    }
    under_key(&editor, "k-1", "?atomic=true", &lines(&[person("an")])).expect(200);
    assert_eq!(writes(service), 1);
});

on_both!(only_the_sums_of_a_long_answer_are_kept_with_its_key, |service| {
    let editor = service.editor();
    let rows = "{\"type\":\"planet\"}\n".repeat(3000);
    let first = under_key(&editor, "k-1", "", &rows).expect(200);
    assert!(first.body.len() > 1_048_576);
    let again = under_key(&editor, "k-1", "", &rows).expect(200);
    assert_snapshot!(again, @r#"
    200
    cache-control: no-store
    content-type: application/x-ndjson

    {
      "type": "import_end",
      "lines": 3000,
      "created": 0,
      "updated": 0,
      "unchanged": 0,
      "revived": 0,
      "rolled_back": 0,
      "failed": 3000,
      "committed": true
    }
    "#);
    assert!(first.text().ends_with(again.text()));
});

on_both!(record_comes_back_that_was_deleted_between_two_imports, |service| {
    let editor = service.editor();
    import(&editor, "", &[person("an")]);
    editor.delete("/v1/people/1").expect(204);
    assert_eq!(results(&import(&editor, "", &[person("an")])), ["1 revived"]);
    assert_eq!(records(&editor.get("/v1/people")).len(), 1);
    editor.delete("/v1/people/1").expect(204);
    assert_eq!(
        results(&told(&send(
            &editor,
            "?mode=merge",
            lines(&[json!({ "type": "person", "external_key": key("an"), "note": "Về" })])
        ))),
        ["1 revived"]
    );
    assert_eq!(editor.get("/v1/people/1").json()["name"], "AN");
});
