//! What is kept of requests with a key: for how long, and what another process makes of it.

use directive_tracker::db::Conn;
use directive_tracker::db::conn::Purpose;
use directive_tracker::domain::Instant;
use directive_tracker::idempotency::{Answer, Claim, Key, Outcome};

use crate::support::Engine;
use crate::support::service::{NOW, Storage};

fn claim(key: &str) -> Claim {
    Claim {
        subject: "an".to_owned(),
        route: "POST /v1/import".to_owned(),
        key: Key::new(key).unwrap(),
        fingerprint: "0".to_owned(),
    }
}

fn answer() -> Answer {
    Answer {
        status: 201,
        location: None,
        etag: None,
        content_type: "application/json".to_owned(),
        body: "{}".to_owned(),
    }
}

/// So many seconds after the instant at which every test begins.
fn after(seconds: i64) -> Instant {
    let begun: Instant = NOW.parse().unwrap();
    Instant::from_microseconds(begun.microseconds() + seconds * 1_000_000)
}

/// Makes the tests `NAME::sqlite` and `NAME::postgres`, each with a connection of its own.
macro_rules! on_both_stores {
    ($name:ident, |$conn:ident| $body:block) => {
        mod $name {
            use super::*;

            fn rule($conn: &mut Conn) $body

            #[test]
            fn sqlite() {
                let storage = Storage::migrated(Engine::Sqlite);
                rule(&mut storage.connect(Purpose::Write));
            }

            #[test]
            fn postgres() {
                let storage = Storage::migrated(Engine::Postgres);
                rule(&mut storage.connect(Purpose::Write));
            }
        }
    };
}

on_both_stores!(mark_of_another_process_stands_for_a_minute, |conn| {
    claim("1").mark(conn, after(0), "one").unwrap();
    let mut known = |seconds, instance| claim("1").known(conn, after(seconds), instance).unwrap();
    assert_eq!(known(59, "two"), Some(Outcome::Running));
    assert_eq!(known(60, "two"), None, "that process has ended");
    assert_eq!(known(0, "one"), None, "this process knows that it is not at work on it");
    claim("1").mark(conn, after(59), "one").unwrap();
    assert_eq!(claim("1").known(conn, after(118), "two").unwrap(), Some(Outcome::Running), "the mark was renewed");
    claim("1").keep(conn, after(119), "one", &answer()).unwrap();
    assert_eq!(claim("1").known(conn, after(120), "two").unwrap(), Some(Outcome::Again(answer())));
    claim("1").forget(conn).unwrap();
    assert_eq!(claim("1").known(conn, after(120), "two").unwrap(), None);
});

/// Which of the keys 0 to 19 are there.
fn there(conn: &mut Conn) -> Vec<i64> {
    let mut known = |number: &i64| claim(&number.to_string()).known(conn, after(19), "one").unwrap().is_some();
    (0..20).filter(&mut known).collect()
}

on_both_stores!(old_answers_are_removed_a_few_at_a_time, |conn| {
    for number in 0..20 {
        claim(&number.to_string()).keep(conn, after(number), "one", &answer()).unwrap();
    }
    let day = 24 * 3600;
    claim("new").keep(conn, after(day + 30), "one", &answer()).unwrap();
    assert_eq!(there(conn), (8..20).collect::<Vec<_>>());
    claim("new").keep(conn, after(day + 9), "one", &answer()).unwrap();
    assert_eq!(there(conn), (10..20).collect::<Vec<_>>(), "those that are no day old stay");
});
