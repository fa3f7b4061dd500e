//! Every operation of the OpenAPI document, by every role, on the records of the own body, of one below it and of another,
//! public and internal. `operations.csv` says what kind of operation each is: one that is not there fails.
//!
//! What is allowed is told by the kind alone. What an allowed request is answered with is told by that of somebody who may
//! do everything.

use std::collections::{BTreeMap, BTreeSet};

use directive_tracker::domain::Permission::{self, Administer, Read, Review, Write};
use directive_tracker::domain::Role;
use directive_tracker::http::system;
use directive_tracker::resources;
use serde_json::{Value, json};

use super::{Provinces, granted};
use crate::collections::sample;
use crate::support::{Client, Response, Service, given};

const OPERATIONS: &str = include_str!("operations.csv");

/// Whose a record is, and who may read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Variant {
    owner: Owner,
    public: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Own,
    Below,
    Other,
}

const VARIANTS: [Variant; 6] = {
    const fn variant(owner: Owner, public: bool) -> Variant {
        Variant { owner, public }
    }
    [
        variant(Owner::Own, true),
        variant(Owner::Own, false),
        variant(Owner::Below, true),
        variant(Owner::Below, false),
        variant(Owner::Other, true),
        variant(Owner::Other, false),
    ]
};

/// Somebody who calls.
struct Caller {
    name: &'static str,
    client: Client,
    role: Option<Role>,
    everywhere: bool,
}

impl Caller {
    fn may(&self, permission: Permission) -> bool {
        self.role.is_some_and(|role| role.allows(permission))
    }

    fn reaches(&self, variant: Variant) -> bool {
        self.role.is_some() && (self.everywhere || variant.owner != Owner::Other)
    }

    fn sees(&self, variant: Variant) -> bool {
        variant.public || self.reaches(variant)
    }

    /// With what a request for something is refused, if it is.
    fn refused(&self, permission: Permission, variant: Variant, hidden: u16) -> Option<u16> {
        match () {
            () if self.role.is_none() => Some(401),
            () if !self.may(permission) => Some(403),
            () if !self.sees(variant) => Some(hidden),
            () if !self.reaches(variant) => Some(403),
            () => None,
        }
    }
}

fn callers(service: &Service) -> Vec<Caller> {
    let within = |name: &'static str, role: Role| Caller {
        name,
        client: granted(service, &json!([{ "role": role.code(), "admin_unit": 1 }])),
        role: Some(role),
        everywhere: false,
    };
    vec![
        Caller { name: "anonymous", client: service.public(), role: None, everywhere: false },
        within("reader of the province", Role::Reader),
        within("reviewer of the province", Role::Reviewer),
        within("editor of the province", Role::Editor),
        within("administrator of the province", Role::Administrator),
        Caller { name: "reader", client: service.reader(), role: Some(Role::Reader), everywhere: true },
        Caller { name: "editor", client: service.editor(), role: Some(Role::Editor), everywhere: true },
    ]
}

/// A record: its number, and the fields that it was made of.
struct Made {
    id: i64,
    fields: Value,
}

type Records = BTreeMap<&'static str, BTreeMap<Variant, Made>>;

fn records(office: &Client, provinces: &Provinces) -> Records {
    let mut records = Records::new();
    for collection in resources::ALL {
        for (at, variant) in VARIANTS.into_iter().enumerate() {
            let owner = match variant.owner {
                Owner::Own => provinces.own,
                Owner::Below => provinces.below,
                Owner::Other => provinces.other,
            };
            let visibility = if variant.public { "public" } else { "internal" };
            let theirs = json!({ "managed_by": owner, "visibility": visibility });
            let (mut fields, _) = sample(office, collection.name());
            let parent = collection.parent().map(|parent| fields[parent.field].as_i64().unwrap());
            if let (Some(parent), Some(id)) = (collection.parent(), parent) {
                let parents = resources::by_type(parent.target).unwrap().name();
                office.patch(&format!("/v1/{parents}/{id}"), &theirs).expect(200);
                fields["visibility"] = json!(visibility);
            } else {
                fields = given::with(fields, theirs);
            }
            if collection.name() == "holidays" {
                fields["day"] = json!(format!("2025-09-{:02}", at + 2));
            }
            if collection.name() == "successions" {
                // Whoever records it writes for what it begins from.
                let part = |name: &str| given::organization(office, json!({ "name": name, "parent": owner })).id();
                fields["from_organization"] = json!(part("Ban cũ"));
                fields["to_organization"] = json!(part("Ban mới"));
            }
            let url = format!("/v1/{}/by-key/matrix/{at}", collection.name());
            let id = office.put(&url, &fields).expect(201).json()["id"].as_i64().unwrap();
            records.entry(collection.name()).or_default().insert(variant, Made { id, fields });
        }
    }
    records
}

/// The operations: method, path, and the kind of each.
fn operations() -> Vec<(String, String, &'static str)> {
    let kinds: BTreeMap<(String, String), &str> = OPERATIONS
        .lines()
        .skip(1)
        .map(|line| {
            let parts: Vec<&str> = line.split(',').collect();
            ((parts[0].to_owned(), parts[1].to_owned()), parts[2])
        })
        .collect();
    let names: BTreeSet<&str> = resources::ALL.iter().map(|collection| collection.name()).collect();
    let (mut operations, mut used) = (Vec::new(), BTreeSet::new());
    let document = system::document();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let general = path.split('/').map(|part| if names.contains(part) { "{collection}" } else { part });
        let general = general.collect::<Vec<_>>().join("/");
        for method in methods.as_object().unwrap().keys().filter(|name| *name != "parameters") {
            let row = kinds.get_key_value(&(method.clone(), general.clone()));
            let (row, kind) = row.unwrap_or_else(|| panic!("operations.csv does not say who may {method} {general}"));
            used.insert(row.clone());
            operations.push((method.to_uppercase(), path.clone(), *kind));
        }
    }
    assert_eq!(used.len(), kinds.len(), "operations.csv has rows of no operation");
    operations
}

/// A request of an operation about a record.
fn request(client: &Client, method: &str, path: &str, variant: Variant, records: &Records) -> Response {
    let collection = path.split('/').nth(2).unwrap();
    let made = &records[collection][&variant];
    let at = VARIANTS.iter().position(|one| *one == variant).unwrap();
    let url =
        path.replace("{id}", &made.id.to_string()).replace("{system}", "matrix").replace("{key}", &at.to_string());
    let last = path.rsplit('/').next().unwrap();
    let body = match (method, last) {
        ("GET", "gaps") => return client.get(&format!("{url}?milestone=disseminated")),
        ("GET", _) => return client.get(&url),
        ("DELETE", _) => None,
        ("PATCH", _) => Some(json!({ "note": "Checked again." })),
        ("POST", "decision") if collection == "extensions" => {
            Some(json!({ "status": "refused", "decided_on": "2018-09-25" }))
        }
        ("POST", "decision") => {
            Some(json!({ "status": "returned", "decided_on": "2018-10-02", "decision_text": "Thiếu phụ lục." }))
        }
        ("POST", child) if child != collection => {
            // The fields of a child without the parent, which the path names.
            let mut fields = records[child][&variant].fields.clone();
            let parent = resources::ALL.iter().find(|known| known.name() == child).unwrap().parent().unwrap();
            fields.as_object_mut().unwrap().remove(parent.field);
            Some(fields)
        }
        _ => Some(made.fields.clone()),
    };
    let request = client.request(method, &format!("{url}?dry_run=true"));
    let request = if method == "PUT" { request.header("If-Match", "*") } else { request };
    match body {
        Some(body) => request.json(&body).send(),
        None => request.send(),
    }
}

on_both!(each_operation_does_for_each_role_what_it_is_granted, |service| {
    let office = service.administrator();
    let provinces = Provinces::given(&office);
    let records = records(&office, &provinces);
    let callers = callers(service);
    let mut checked = 0;
    for (method, path, kind) in operations() {
        let (permission, hidden) = match kind {
            "read" => (None, 404),
            "update" | "delete" | "replace" | "create below" => (Some(Write), 404),
            // The parent of what is created, or the body that owns it: a parent that is hidden does not exist.
            "create" => (Some(Write), 422),
            "decide" => (Some(Review), 404),
            _ => continue,
        };
        let child =
            resources::ALL.iter().any(|known| path == format!("/v1/{}", known.name()) && known.parent().is_some());
        for variant in VARIANTS {
            let expected = request(&office, &method, &path, variant, &records).status;
            assert!(!matches!(expected, 401 | 403 | 422), "{method} {path}: {expected}");
            for caller in &callers {
                let refused = match permission {
                    None => (!caller.sees(variant)).then_some(404),
                    // Of what is not part of anything, nothing is hidden yet.
                    Some(permission) if kind == "create" && !child => {
                        let public = Variant { public: true, ..variant };
                        caller.refused(permission, public, hidden)
                    }
                    Some(permission) => caller.refused(permission, variant, hidden),
                };
                let answer = request(&caller.client, &method, &path, variant, &records);
                assert_eq!(
                    answer.status,
                    refused.unwrap_or(expected),
                    "{} does {method} {path} with {variant:?}: {}",
                    caller.name,
                    answer.text()
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 8000, "only {checked} were checked");
});

on_both!(list_and_feed_show_what_each_caller_may_see, |service| {
    let office = service.administrator();
    let provinces = Provinces::given(&office);
    let records = records(&office, &provinces);
    for caller in callers(service) {
        let mut hidden: BTreeSet<(String, i64)> = BTreeSet::new();
        for (method, path, kind) in operations() {
            let Some(made) = path.strip_prefix("/v1/").and_then(|name| records.get(name)) else { continue };
            if (method.as_str(), kind) != ("GET", "list") {
                continue;
            }
            let page = caller.client.get(&format!("{path}?limit=200&count=exact")).expect(200).json();
            let listed: BTreeSet<i64> =
                page["data"].as_array().unwrap().iter().map(|record| record["id"].as_i64().unwrap()).collect();
            assert_eq!(page["page"]["count"], listed.len(), "{} counts {path}", caller.name);
            for (variant, made) in made {
                let seen = caller.sees(*variant);
                assert_eq!(listed.contains(&made.id), seen, "{} lists {path} with {variant:?}", caller.name);
                if !seen {
                    hidden.insert((page_type(&path), made.id));
                }
            }
        }
        let mut url = "/v1/changes?limit=200".to_owned();
        loop {
            let page = caller.client.get(&url).expect(200).json();
            for entry in page["data"].as_array().unwrap() {
                let record = &entry["record"];
                let key = (record["type"].as_str().unwrap().to_owned(), record["id"].as_i64().unwrap());
                let told = !entry["after"].is_null();
                assert!(!(told && hidden.contains(&key)), "{} is told of {key:?}", caller.name);
            }
            if page["page"]["more"] == false {
                break;
            }
            page["links"]["next"].as_str().unwrap().clone_into(&mut url);
        }
    }
});

fn page_type(path: &str) -> String {
    let collection = resources::ALL.iter().find(|known| path == format!("/v1/{}", known.name()));
    collection.unwrap().kind().to_owned()
}

on_both!(what_is_about_no_record_asks_for_its_role, |service| {
    let office = service.administrator();
    Provinces::given(&office);
    for caller in callers(service) {
        for (method, path, kind) in operations() {
            let refused = match kind {
                "own" if caller.role.is_none() => Some(401),
                "open" | "feed" | "own" => None,
                "write" => (!caller.may(Write)).then_some(if caller.role.is_none() { 401 } else { 403 }),
                "administer" | "administer everything" => {
                    let may = caller.may(Administer) && (kind == "administer" || caller.everywhere);
                    (!may).then_some(if caller.role.is_none() { 401 } else { 403 })
                }
                _ => continue,
            };
            let url = path.replace("{id}", "9");
            let answer = if method == "GET" {
                caller.client.get(&url)
            } else {
                caller.client.request(&method, &url).json(&json!({})).send()
            };
            let told = (path.as_str(), caller.name, answer.text());
            match refused {
                Some(status) => assert_eq!(answer.status, status, "{told:?}"),
                // What is asked for wrongly is told so, and what one has not is not there.
                None if kind == "own" => assert_ne!(answer.status, 401, "{told:?}"),
                None if path.starts_with("/v1/auth") => assert_eq!(answer.status, 422, "{told:?}"),
                None => assert!(!matches!(answer.status, 401 | 403 | 500), "{told:?}"),
            }
        }
    }
    let unknown = office.request("PATCH", "/v1/users/9").json(&json!({ "disabled": true })).send();
    assert_eq!(unknown.status, 404);
    assert!([Read, Write, Review, Administer].into_iter().all(|permission| Role::Administrator.allows(permission)));
});
