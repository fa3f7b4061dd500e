//! The examples of the OpenAPI document are what the service answers and takes where the data are loaded.

use std::path::Path;

use directive_tracker::http::openapi::pretty;
use directive_tracker::http::system::document;
use directive_tracker::resources;
use directive_tracker::transfer::load;
use serde_json::{Value, json};

use crate::data::by_key;
use crate::reading::rows;

const EXAMPLES: &str = include_str!("../../../src/http/openapi/examples.json");

/// What the document gives as the example of a schema.
fn example(document: &Value, schema: &str) -> Value {
    document["components"]["schemas"][schema]["examples"][0].clone()
}

on_loaded!(record_in_an_example_is_what_the_service_sends, |service| {
    let client = service.public();
    let mut examples: Value = serde_json::from_str(EXAMPLES).unwrap();
    for collection in resources::ALL {
        let (name, example) = (collection.name(), &mut examples[collection.name()]);
        example["record"] = if let Some(query) = example["list"].as_str() {
            let records = rows(&client.get(&format!("/v1/{name}?{query}")));
            assert_eq!(records.len(), 1, "{name} {query}");
            records[0].clone()
        } else {
            // The data sets have no record of this type: what would be created is shown.
            service.editor().post(&format!("/v1/{name}?dry_run=true"), &example["input"]).expect(200).json()
        };
    }
    let url = examples["documents"]["record"]["url"].as_str().unwrap();
    examples["changes"]["record"] = rows(&client.get(&format!("{url}/history")))[0].clone();
    let right = format!("{}\n", pretty(&examples));
    if right != EXAMPLES {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples.json");
        std::fs::write(&file, right).unwrap();
        panic!("the examples are out of date: cp {} src/http/openapi/examples.json", file.display());
    }
});

on_loaded!(body_in_an_example_is_accepted_beside_the_data, |service| {
    let (document, editor) = (document(), service.editor());
    for collection in resources::ALL {
        let name = collection.name();
        let body = example(document, &format!("{}Input", collection.schema()));
        editor.post(&format!("/v1/{name}?dry_run=true"), &body).expect(200);
        if let Some(parent) = collection.parent() {
            let parents = resources::by_type(parent.target).unwrap().name();
            let key = &body[parent.field]["external_key"];
            let within = by_key(&editor, parents, key["system"].as_str().unwrap(), key["key"].as_str().unwrap());
            let body = example(document, &format!("{}Nested", collection.schema()));
            editor.post(&format!("/v1/{parents}/{}/{name}?dry_run=true", within["id"]), &body).expect(200);
        }
        let id = &example(document, collection.schema())["id"];
        let patch = example(document, &format!("{}Patch", collection.schema()));
        // What is never changed has no patch.
        if !patch.is_null() {
            editor.patch(&format!("/v1/{name}/{id}?dry_run=true"), &patch).expect(200);
        }
    }
});

on_loaded!(key_in_an_example_is_that_of_a_record, |service| {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(parameters) = item["get"]["parameters"].as_array().filter(|_| path.contains("{key}")) else {
            continue;
        };
        let mut path = path.clone();
        let collection = path.split('/').nth(2).unwrap();
        if load::lines(collection).next().is_none() {
            continue;
        }
        for parameter in parameters {
            let parameter = document.pointer(&parameter["$ref"].as_str().unwrap()[1..]).unwrap();
            if parameter["in"] == json!("path") {
                let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
                path = path.replace(&name, parameter["example"].as_str().unwrap());
            }
        }
        service.public().get(&path).expect(200);
    }
});
