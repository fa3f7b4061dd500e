//! What the data inside the program answer over HTTP, on both databases.
//!
//! The data are loaded once for each database, as `directive-tracker load sample` does, and the tests only read them.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use directive_tracker::db::conn::Purpose;
use directive_tracker::db::{Location, lanes};
use directive_tracker::domain::{Actor, Stamp};
use directive_tracker::transfer::load::{self, DataSet};
use serde_json::Value;

use crate::reading::rows;
use crate::support::service::NOW;
use crate::support::{Client, Engine, Service, small_settings};

/// Makes the tests `NAME::sqlite` and `NAME::postgres`, each with the service that has the data.
macro_rules! on_loaded {
    ($name:ident, |$service:ident| $body:block) => {
        mod $name {
            use super::*;

            fn rule($service: &$crate::support::Service) $body

            #[test]
            fn sqlite() {
                ::insta::allow_duplicates! { rule($crate::data::loaded($crate::support::Engine::Sqlite)) }
            }

            #[test]
            fn postgres() {
                ::insta::allow_duplicates! { rule($crate::data::loaded($crate::support::Engine::Postgres)) }
            }
        }
    };
}

mod across;
mod citations;
mod claims;
mod conferences;
mod cookbook;
mod documents;
mod examples;
mod facts;
mod reviews;
mod sent_back;
mod tracking;
mod units;
mod unread;

/// The service that has the data.
fn loaded(engine: Engine) -> &'static Service {
    static SQLITE: OnceLock<(Service, Option<Child>)> = OnceLock::new();
    static POSTGRES: OnceLock<(Service, Option<Child>)> = OnceLock::new();
    let slot = if engine == Engine::Sqlite { &SQLITE } else { &POSTGRES };
    let (service, _) = slot.get_or_init(|| {
        let service = Service::start(engine, small_settings());
        let remover = removed_at_the_end(&service.storage.location());
        load_all(&service);
        (service, remover)
    });
    service
}

/// Loads both data sets, and says how many records of each are there.
fn load_all(service: &Service) -> [usize; 2] {
    let mut conn = service.storage.connect(Purpose::Write);
    [DataSet::Reference, DataSet::Sample].map(|set| {
        let now = NOW.parse().unwrap();
        let stamp = Stamp { actor: Actor::system("load"), request_id: format!("load-{}", set.name()), now };
        lanes::alone(&mut conn, |conn| load::load(conn, &stamp, set)).unwrap()
    })
}

/// Removes the folder of a SQLite database when this process ends: what a static holds is never dropped.
///
/// The shell program waits at a pipe that only this process holds, as the one that keeps watch over PostgreSQL does.
fn removed_at_the_end(location: &Location) -> Option<Child> {
    let Location::Sqlite(file) = location else { return None };
    let remover = Command::new("/bin/sh")
        .args(["-c", "trap '' HUP INT TERM; read -r _; rm -rf \"$1\"", "remover"])
        .arg(file.parent().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
    Some(remover.unwrap())
}

/// The record that the data know by this key.
fn by_key(client: &Client, collection: &str, system: &str, key: &str) -> Value {
    client.get(&format!("/v1/{collection}/by-key/{system}/{key}")).expect(200).json()
}

/// All records of a list, page after page.
fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut next = Some(path.to_owned());
    let mut records = Vec::new();
    while let Some(path) = next {
        let page = client.get(&path);
        records.extend(rows(&page));
        next = page.json()["links"]["next"].as_str().map(str::to_owned);
    }
    records
}

/// The text of a field in each record; an empty one where there is none.
fn texts<'a>(records: &'a [Value], pointer: &str) -> Vec<&'a str> {
    records.iter().map(|record| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default()).collect()
}

/// The symbol at the beginning of a document's title in a link.
fn symbol(link: &Value) -> &str {
    link["title"].as_str().unwrap_or_default().split(' ').next().unwrap_or_default()
}

on_loaded!(loading_again_changes_nothing, |service| {
    let last = || directive_tracker::changes::store::last(&mut service.storage.connect(Purpose::Read)).unwrap().0;
    let before = last();
    assert_eq!(load_all(service), [979, 565]);
    assert_eq!(last(), before);
});

on_loaded!(everything_is_public_and_owned_by_nobody, |service| {
    for collection in directive_tracker::resources::ALL {
        let count = |client: Client| {
            client.get(&format!("/v1/{}?count=exact&limit=1", collection.name())).json()["page"]["count"].clone()
        };
        assert_eq!(count(service.public()), count(service.reader()), "{}", collection.name());
    }
});

on_loaded!(every_field_that_is_sent_is_described, |service| {
    let client = service.public();
    let document = client.get("/openapi.json").expect(200).json();
    let mut seen = 0;
    for collection in directive_tracker::resources::ALL {
        let schema = &document["components"]["schemas"][format!("{}Selection", collection.schema())]["properties"];
        for record in all(&client, &format!("/v1/{}", collection.name())) {
            for field in record.as_object().unwrap().keys() {
                assert!(schema.get(field).is_some(), "{} {field}", collection.name());
                seen += 1;
            }
        }
    }
    assert!(seen > 10_000, "{seen}");
});
