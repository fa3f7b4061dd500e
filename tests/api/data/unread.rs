//! A field that cannot be read is the one fault of a body that has no other: no rule takes it for absent.

use directive_tracker::http::system::document;
use directive_tracker::resources;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::bad_input::faults;
use crate::support::given;

on_loaded!(field_that_cannot_be_read_is_the_only_fault, |service| {
    let editor = service.editor();
    for collection in resources::ALL {
        let schema = &document()["components"]["schemas"][format!("{}Input", collection.schema())];
        for field in schema["properties"].as_object().unwrap().keys() {
            let mut body = schema["examples"][0].clone();
            body[field] = json!({ "what": "no value" });
            let answer = editor.post(&format!("/v1/{}?dry_run=true", collection.name()), &body).expect(422);
            let found = faults(&answer);
            assert_eq!(found.len(), 1, "{} {field}: {answer}", collection.name());
            assert!(found[0].starts_with(&format!("/{field} ")), "{} {field}: {answer}", collection.name());
        }
    }
});

fn figure(fields: Value) -> Value {
    given::with(json!({ "measure": "Vụ án đã khám phá", "numerator": "1.315", "denominator": 1400 }), fields)
}

on_loaded!(rule_says_nothing_of_a_figure_that_cannot_be_read, |service| {
    let editor = service.editor();
    let refused = editor.post("/v1/statistics?dry_run=true", &figure(json!({})));
    assert_snapshot!(refused, @r#"
    422
    cache-control: no-store
    content-type: application/problem+json
    vary: Authorization, Accept-Language, Accept-Encoding

    {
      "type": "/problems#validation_failed",
      "title": "The body has faults",
      "status": 422,
      "code": "validation_failed",
      "detail": "/numerator has the wrong type: expected a number.",
      "instance": "/v1/statistics",
      "errors": [
        {
          "pointer": "/numerator",
          "code": "wrong_type",
          "message": "has the wrong type: expected a number"
        }
      ]
    }
    "#);
    let put = editor.request("PUT", "/v1/statistics/by-key/partner/unread?dry_run=true");
    assert_eq!(faults(&put.json(&figure(json!({}))).send()), ["/numerator wrong_type"]);
    let patch = json!({ "numerator": "1.315", "stated_rate": null });
    assert_eq!(faults(&editor.patch("/v1/statistics/1?dry_run=true", &patch)), ["/numerator wrong_type"]);
});

on_loaded!(link_that_leads_nowhere_is_not_missing_besides, |service| {
    let body = json!({ "conference": 1, "activity": "implementation", "document": 9999 });
    let refused = service.editor().post("/v1/conference-documents?dry_run=true", &body);
    assert_eq!(faults(&refused), ["/document does_not_exist"]);
});

on_loaded!(fault_of_one_value_is_told_beside_a_field_that_cannot_be_read, |service| {
    let refused = service.editor().post("/v1/statistics?dry_run=true", &figure(json!({ "denominator": 0 })));
    assert_eq!(faults(&refused), ["/numerator wrong_type", "/denominator out_of_range"]);
    let unknown = figure(json!({ "numerator": null, "numeratr": 5 }));
    let refused = service.editor().post("/v1/statistics?dry_run=true", &unknown);
    assert_eq!(faults(&refused), ["/numeratr unknown_field", "/numerator missing"], "each field could be read");
});
