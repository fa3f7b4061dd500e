//! What is sent out can be sent back in: a record as any list has it is no news.

use directive_tracker::http::import::{CSV, NDJSON};
use directive_tracker::http::system::document;
use directive_tracker::resources;
use directive_tracker::transfer::load::lines;
use serde_json::{Value, json};

use crate::import::{import, results, sums, told};
use crate::reading::rows;
use crate::support::Service;

on_loaded!(record_as_it_is_sent_says_nothing_new, |service| {
    let (public, editor) = (service.public(), service.editor());
    for collection in resources::ALL {
        let records = rows(&public.get(&format!("/v1/{}?limit=200&expand=external_keys", collection.name())));
        let count = records.len();
        assert_eq!(count > 0, lines(collection.name()).next().is_some(), "{}", collection.name());
        for query in ["?dry_run=true", "?dry_run=true&mode=merge"] {
            let told = import(&editor, query, &records);
            assert_eq!(sums(&told)["unchanged"], count, "{} {query}: {told:?}", collection.name());
        }
    }
});

on_loaded!(record_with_its_links_expanded_says_nothing_new, |service| {
    let records = rows(&service.public().get("/v1/claims?limit=200&expand=source,about"));
    let told = import(&service.editor(), "?dry_run=true", &records);
    assert_eq!(sums(&told)["unchanged"], records.len());
});

on_loaded!(link_to_a_record_of_another_type_is_refused, |service| {
    let row = |link: Value| json!({ "type": "position", "person": link, "title": "Bí thư", "stated_on": "2018-07-16" });
    let told = import(
        &service.editor(),
        "?dry_run=true",
        &[
            row(json!({ "id": 1, "type": "person", "url": "/v1/people/1", "title": "An" })),
            row(json!({ "id": 1, "type": "organization", "url": "/v1/organizations/1", "title": "TW" })),
        ],
    );
    assert_eq!(results(&told), ["1 created", "2 failed"]);
    assert_eq!(told[1]["problem"]["errors"][0]["code"], "invalid_link");
});

/// A whole list as it is exported, sent back as an import.
fn sent_back(service: &Service, query: &str, kind: &str) -> Vec<Value> {
    let exported = service.public().get(query).expect(200);
    let request = service.editor().request("POST", "/v1/import?dry_run=true");
    told(&request.body(kind, exported.body).send().expect(200))
}

on_loaded!(export_sent_back_says_nothing_new, |service| {
    for collection in resources::ALL {
        let name = collection.name();
        let count = service.public().get(&format!("/v1/{name}?count=exact&limit=1")).json()["page"]["count"].clone();
        for (format, kind) in [("ndjson", NDJSON), ("csv&csv=raw", CSV)] {
            let told = sent_back(service, &format!("/v1/{name}?format={format}"), kind);
            let end = told.last().unwrap();
            assert_eq!((&end["unchanged"], &end["lines"]), (&count, &count), "{name} {format}: {told:?}");
        }
    }
});

fn without_differences(mut line: Value) -> String {
    line.as_object_mut().unwrap().shift_remove("differences");
    format!("{line}\n")
}

on_loaded!(import_in_an_example_comes_to_what_it_says, |service| {
    let document = document();
    let operation = &document["paths"]["/v1/import"]["post"];
    let example = |place: &Value, kind: &str| place["content"][kind]["example"].as_str().unwrap().to_owned();
    let says = example(&operation["responses"]["200"], NDJSON);
    for (kind, header) in [(NDJSON, 0), (CSV, 1)] {
        let body = example(&operation["requestBody"], kind);
        // A rehearsal leaves the data as they are, and tells the differences besides.
        let answer = service.editor().request("POST", "/v1/import?dry_run=true").body(kind, body).send().expect(200);
        let mut came: String = told(&answer).into_iter().map(without_differences).collect();
        came = came.replace("\"committed\":false", "\"committed\":true");
        for line in 1..4 {
            came = came.replace(&format!("\"line\":{}", line + header), &format!("\"line\":{line}"));
        }
        assert_eq!(came, says, "{kind}");
    }
});
