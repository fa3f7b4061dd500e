//! What holds for every collection, by going through all of them: a new one is tested here without being asked.

use directive_tracker::resources;
use serde_json::{Value, json};

use crate::support::{Client, given};

/// The fields of one record of a collection, once the records that it needs are there, and a patch of it.
pub fn sample(editor: &Client, collection: &str) -> (Value, Value) {
    let note = json!({ "note": "Checked." });
    let fields = match format!("/v1/{collection}").as_str() {
        "/v1/organizations" => json!({ "name": "Tỉnh ủy Thái Bình", "kind": "party_committee" }),
        "/v1/admin-units" => json!({ "name": "Thái Bình", "unit_type": "province", "level": "province" }),
        "/v1/numbering-periods" => {
            let organization = given::organization(editor, json!({})).id();
            json!({ "organization": organization, "label": "XII", "kind": "term", "valid_from": "2016-01-27" })
        }
        "/v1/committee-members" => {
            let organization = given::organization(editor, json!({})).id();
            json!({ "organization": organization, "member_text": "Bí thư Tỉnh ủy", "role": "head" })
        }
        "/v1/successions" => {
            let (from, to) = (given::organization(editor, json!({})), given::organization(editor, json!({})));
            json!({
                "kind": "merged", "from_organization": from.id(), "to_organization": to.id(), "effective_on": "2025-07-01",
            })
        }
        "/v1/documents" => given::document_fields(),
        "/v1/document-links" => {
            let (from, to) = (given::document(editor, json!({})), given::document(editor, json!({})));
            json!({ "from": from.id(), "to": to.id(), "kind": "implements" })
        }
        "/v1/people" => json!({ "name": "Nguyễn Hồng Diên" }),
        "/v1/positions" => json!({ "person": given::person(editor, json!({})).id(), "title": "Bí thư Tỉnh ủy" }),
        "/v1/conferences" => json!({ "name": "Hội nghị trực tuyến toàn quốc" }),
        "/v1/conference-documents" => {
            let conference = given::conference(editor, json!({})).id();
            json!({ "conference": conference, "subject_text": "An ninh trật tự", "activity": "thematic" })
        }
        "/v1/bridge-points" => json!({ "conference": given::conference(editor, json!({})).id(), "name": "Hà Nội" }),
        "/v1/participations" => {
            let conference = given::conference(editor, json!({})).id();
            json!({ "conference": conference, "group_text": "Đại biểu các sở, ngành", "roles": ["attendee"] })
        }
        "/v1/findings" => {
            let conference = given::conference(editor, json!({})).id();
            json!({ "conference": conference, "kind": "achievement", "text": "An ninh trật tự ổn định." })
        }
        "/v1/tasks" => given::task_fields(),
        "/v1/assignments" => {
            json!({ "task": given::task(editor, json!({})).id(), "role": "lead", "assignee_text": "các cấp, các ngành" })
        }
        "/v1/task-updates" => {
            let task = given::task(editor, json!({})).id();
            json!({ "task": task, "reported_on": "2018-08-31", "text": "Đã rà soát 12 dự án." })
        }
        "/v1/extensions" => {
            let task = given::task(editor, json!({})).id();
            json!({ "task": task, "requested_on": "2018-09-20", "requested_due_on": "2018-10-31" })
        }
        "/v1/evidence-documents" => {
            let task = given::task(editor, json!({})).id();
            json!({ "task": task, "symbol": "125-BC/TU", "submitted_on": "2018-09-29" })
        }
        "/v1/expectations" => {
            let document = given::document(editor, json!({})).id();
            json!({ "document": document, "milestone": "disseminated", "class_level": "province" })
        }
        "/v1/holidays" => json!({ "day": "2025-09-02", "name": "Quốc khánh" }),
        "/v1/initiatives" => json!({ "kind": "movement", "name": "Toàn dân bảo vệ an ninh Tổ quốc" }),
        "/v1/statistics" => json!({ "measure": "Vụ án được khám phá", "numerator": 771, "denominator": 778 }),
        "/v1/awards" => json!({ "kind": "merit_certificate", "giver_text": "Bộ trưởng Bộ Công an", "collectives": 10 }),
        "/v1/sources" => json!({ "title": "Quán triệt Kết luận số 32-KL/TW", "kind": "reprint" }),
        "/v1/claims" => {
            let conference = given::conference(editor, json!({})).id();
            let about = json!({ "type": "conference", "id": conference });
            json!({ "source": given::source(editor, json!({})).id(), "about": about, "field": "topic", "value": "An ninh" })
        }
        other => panic!("{other} needs a sample here"),
    };
    (fields, note)
}

/// The collections whose records are never changed.
const IMMUTABLE: &[&str] = &["task-updates", "extensions", "evidence-documents"];

on_both!(what_is_immutable_is_created_read_and_listed_and_nothing_else, |service| {
    for name in IMMUTABLE {
        let editor = service.editor();
        let (fields, patch) = sample(&editor, name);
        let created = given::record(&editor, name, &fields);
        let read = editor.get(&created.url()).expect(200);
        assert_eq!((read.json(), read.etag()), (created.body.clone(), created.etag.as_str()), "{name}");
        for refused in [editor.patch(&created.url(), &patch), editor.delete(&created.url())] {
            assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD, OPTIONS")), "{name}");
        }
        let key = format!("/v1/{name}/by-key/partner/1");
        let put = editor.put(&key, &fields).expect(201);
        let replace = |fields: &Value| editor.request("PUT", &key).header("If-Match", "*").json(fields).send();
        assert_eq!(replace(&fields).expect(200).etag(), put.etag(), "{name}");
        let refused = replace(&given::with(fields.clone(), patch.clone())).expect(409);
        assert_eq!(refused.json()["code"], "immutable", "{name}");
        // What it is part of takes it along.
        let task = created["task"]["url"].as_str().unwrap();
        editor.delete(task).expect(204);
        assert_eq!(editor.get(&created.url()).status, 410, "{name}");
    }
});

on_both!(what_is_immutable_needs_no_condition_to_be_refused, |service| {
    for name in IMMUTABLE {
        let editor = service.editor();
        let (fields, patch) = sample(&editor, name);
        let key = format!("/v1/{name}/by-key/partner/1");
        let put = editor.put(&key, &fields).expect(201);
        let changed = given::with(fields.clone(), patch);
        let refused = editor.put(&key, &changed).expect(409);
        assert_eq!((&refused.json()["code"], refused.header("etag")), (&json!("immutable"), None), "{name}");
        let conditional = editor.request("PUT", &key).header("If-Match", put.etag()).json(&changed).send();
        assert_eq!(conditional.expect(409).body, refused.body, "{name}");
        assert_eq!(editor.put(&key, &fields).expect(200).etag(), put.etag(), "{name}: what is there already");
        let stale = editor.request("PUT", &key).header("If-Match", "\"9-0\"").json(&fields).send();
        assert_eq!(stale.status, 412, "{name}");
    }
});

on_both!(every_other_collection_creates_reads_lists_patches_replaces_and_deletes, |service| {
    for collection in resources::ALL.iter().filter(|collection| !IMMUTABLE.contains(&collection.name())) {
        let (editor, name) = (service.editor(), collection.name());
        let (fields, patch) = sample(&editor, name);
        let created = given::record(&editor, name, &fields);
        assert_eq!(created["type"], collection.kind());
        assert_eq!(created.url(), format!("/v1/{name}/{}", created.id()));
        let read = editor.get(&created.url()).expect(200);
        assert_eq!((read.json(), read.etag()), (created.body.clone(), created.etag.as_str()), "{name}");
        let listed = editor.get(&format!("/v1/{name}?sort=-id&limit=1")).expect(200).json();
        assert_eq!(listed["data"], json!([created.body]), "{name}");
        let patched = editor.patch(&created.url(), &patch).expect(200).json();
        assert_eq!((&patched["note"], &patched["version"]), (&patch["note"], &json!(2)), "{name}");
        let history = editor.get(&format!("{}/history", created.url())).expect(200).json();
        let operations: Vec<&Value> =
            history["data"].as_array().unwrap().iter().map(|change| &change["operation"]).collect();
        assert_eq!(operations, ["update", "create"], "{name}");
        editor.delete(&created.url()).expect(204);
        assert_eq!(editor.get(&created.url()).status, 410, "{name}");
        let key = format!("/v1/{name}/by-key/partner/1");
        let put = editor.put(&key, &fields).expect(201);
        let same = editor.request("PUT", &key).header("If-Match", put.etag()).json(&fields).send().expect(200);
        assert_eq!(same.etag(), put.etag(), "{name}");
        editor.delete(put.header("location").unwrap()).expect(204);
        assert_eq!(editor.put(&key, &fields).expect(201).json()["version"], 3, "{name}");
    }
});

on_both!(every_collection_refuses_what_the_service_sets, |service| {
    for collection in resources::ALL {
        let (editor, name) = (service.editor(), collection.name());
        let (fields, _) = sample(&editor, name);
        for field in ["id", "type", "url", "version", "created_at", "updated_at", "deleted_at", "links", "warnings"] {
            let refused = editor.post(&format!("/v1/{name}"), &given::with(fields.clone(), json!({ field: 1 })));
            let expected = json!([{
                "pointer": format!("/{field}"),
                "code": "read_only",
                "message": "is set by the service and may not be sent",
            }]);
            assert_eq!((refused.status, &refused.json()["errors"]), (422, &expected), "{name}: {refused}");
        }
    }
});

on_both!(every_child_is_made_and_listed_within_its_parent, |service| {
    for collection in resources::ALL {
        let Some(parent) = collection.parent() else { continue };
        let (editor, name) = (service.editor(), collection.name());
        let (mut fields, _) = sample(&editor, name);
        let id = fields.as_object_mut().unwrap().remove(parent.field).unwrap();
        let parents = resources::by_type(parent.target).unwrap().name();
        let within = format!("/v1/{parents}/{id}/{name}");
        let created = editor.post(&within, &fields).expect(201).json();
        assert_eq!(created[parent.field]["id"], id, "{name}");
        assert_eq!(editor.get(&within).expect(200).json()["data"], json!([created]), "{name}");
        let flat = editor.get(&format!("/v1/{name}?{}={id}", parent.field)).expect(200).json();
        assert_eq!(flat["data"], json!([created]), "{name}");
        assert_eq!(editor.get(&format!("/v1/{parents}/999/{name}")).status, 404, "{name}");
        assert_eq!(editor.post(&format!("/v1/{parents}/999/{name}"), &fields).status, 404, "{name}");
    }
});
