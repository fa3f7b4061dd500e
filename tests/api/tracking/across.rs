//! The forms of the answers that are about more than one document, or about a person.

use directive_tracker::http::system;
use serde_json::{Value, json};

use crate::parameters::load_all;

/// Where each is asked for, with what must be asked.
const OVERVIEWS: [(&str, &str); 5] = [
    ("/v1/matrix", "documents=5,1&milestone=disseminated"),
    ("/v1/reports/awards", "group_by=giver,kind"),
    ("/v1/reports/conferences", "group_by=province"),
    ("/v1/people/{id}/timeline", "as_of=2026-11-21"),
    ("/v1/quality", "limit=10"),
];

on_both!(every_answer_across_comes_in_every_form, |service| {
    load_all(service);
    let client = service.public();
    for (path, question) in OVERVIEWS {
        let path = format!("{}?{question}", path.replace("{id}", "2"));
        let lines = client.get(&format!("{path}&format=ndjson")).expect(200);
        let last: Value = serde_json::from_str(lines.text().lines().last().unwrap()).unwrap();
        let rows = lines.text().lines().count() - 1;
        assert_eq!((&last["type"], &last["count"]), (&json!("export_end"), &json!(rows)), "{path}");
        let table = client.get(&format!("{path}&format=csv&csv=raw")).expect(200);
        assert_eq!(table.text().lines().count(), rows + 1, "{path}");
        assert!(rows > 1, "{path}");
        let workbook = client.get(&format!("{path}&format=xlsx&labels=vi")).expect(200);
        assert_eq!(&workbook.body[..2], b"PK", "{path}");
        let whole = client.get(&path).expect(200);
        let again = client.request("GET", &path).header("If-None-Match", whole.etag()).send();
        assert_eq!(again.status, 304, "{path}");
    }
});

on_both!(every_parameter_of_an_answer_across_takes_its_example, |service| {
    load_all(service);
    let document = system::document();
    let mut asked = 0;
    for (path, question) in OVERVIEWS {
        let operation = &document["paths"][path]["get"];
        let own = operation["parameters"].as_array().unwrap().iter().filter(|parameter| parameter["in"] == "query");
        for parameter in own {
            let is_required = parameter["required"] == json!(true);
            let example = if is_required { &parameter["example"] } else { &parameter["schema"]["examples"][0] };
            let value = match example {
                Value::Array(values) => values.iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join(","),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let name = parameter["name"].as_str().unwrap();
            // What a number is continued after is one check.
            let beside = if name == "after" { "check=task_without_lead" } else { question };
            let beside: Vec<&str> = beside.split('&').filter(|given| !given.starts_with(&format!("{name}="))).collect();
            let path = path.replace("{id}", "2");
            let path = format!("{path}?{}&{name}={}", beside.join("&"), value.replace('/', "%2F").replace(' ', "+"));
            let path = if name == "fields" { format!("{path}&format=ndjson") } else { path };
            service.public().get(&path).expect(200);
            asked += 1;
        }
    }
    assert_eq!(asked, 11 + 10 + 20 + 5 + 6);
});
