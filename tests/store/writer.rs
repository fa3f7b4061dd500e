//! The writer lane and the change log: all or nothing, one order, nothing lost, nothing rewritten.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use diesel::connection::SimpleConnection;
use directive_tracker::changes::{self, Change};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::{Capacity, Parts};
use directive_tracker::db::{Conn, Database, Lane, Location, Scope};
use directive_tracker::domain::error::Outage;
use directive_tracker::domain::link::{ExternalKey, KeyPart};
use directive_tracker::domain::{Actor, Error, Id, Result, Stamp};
use directive_tracker::people::person::People;
use directive_tracker::service::write::{self, Precondition};
use futures_util::FutureExt;
use serde_json::json;

use crate::support::Engine;
use crate::support::service::{NOW, Storage};

const WRITERS: usize = 8;
const WRITES: usize = 25;

fn wait<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::Runtime::new().unwrap().block_on(future)
}

fn open(storage: &Storage, queue: usize) -> Database {
    Database::open(&storage.location(), Capacity { readers: 2, queue }).unwrap()
}

/// Creates a person and gives its number.
pub fn person(conn: &mut Conn, name: &str) -> Result<Id> {
    let actor = Actor::system(name);
    let stamp = Stamp { actor, request_id: name.to_owned(), now: NOW.parse().unwrap() };
    write::create::<People>(conn, &stamp, json!({ "name": name }), None).map(|written| written.record.id)
}

/// Creates a person under the key `partner/{key}` and gives its number.
pub fn person_with_key(conn: &mut Conn, name: &str, key: &str) -> Result<Id> {
    let stamp = Stamp { actor: Actor::system(name), request_id: name.to_owned(), now: NOW.parse().unwrap() };
    let key = ExternalKey { system: KeyPart::new("partner").unwrap(), key: KeyPart::new(key).unwrap() };
    let written = write::put::<People>(conn, &stamp, &key, json!({ "name": name }), &Precondition::None)?;
    Ok(written.record.id)
}

fn log(conn: &mut Conn) -> Vec<Change> {
    changes::store::after(conn, Scope::All, 0, None, 10_000).unwrap()
}

/// The whole log as a reader of its own sees it.
fn committed(storage: &Storage) -> Vec<Change> {
    log(&mut storage.connect(Purpose::Read))
}

/// Makes the tests `NAME::sqlite` and `NAME::postgres`, each with a database of its own.
macro_rules! on_both_stores {
    ($name:ident, |$storage:ident| $body:block) => {
        mod $name {
            use super::*;

            fn rule($storage: &Storage) $body

            #[test]
            fn sqlite() {
                rule(&Storage::migrated(Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                rule(&Storage::migrated(Engine::Postgres));
            }
        }
    };
}

on_both_stores!(job_that_fails_leaves_nothing, |storage| {
    let database = open(storage, 8);
    let failed = wait(database.write(|conn| {
        person(conn, "An")?;
        Err::<(), _>(Error::Forbidden("not granted"))
    }));
    assert!(matches!(failed, Err(Error::Forbidden(_))), "{failed:?}");
    assert_eq!(committed(storage), []);
    assert_eq!(wait(database.write(|conn| person(conn, "Bình"))).unwrap(), 1);
});

on_both_stores!(job_whose_statement_fails_leaves_nothing_and_harms_no_other, |storage| {
    let database = open(storage, 8);
    let failed = wait(database.write(|conn| {
        person(conn, "An")?;
        conn.batch_execute("INSERT INTO no_such_table VALUES (1)").map_err(Error::from)
    }));
    assert!(matches!(failed, Err(Error::Internal(_))), "{failed:?}");
    assert_eq!(wait(database.write(|conn| person(conn, "Bình"))).unwrap(), 1);
    assert_eq!(committed(storage).len(), 1);
});

on_both_stores!(job_that_panics_is_an_internal_error_and_the_lane_goes_on, |storage| {
    let database = open(storage, 8);
    let panicked = wait(database.write::<(), _>(|conn| {
        person(conn, "An")?;
        panic!("on purpose")
    }));
    assert!(matches!(&panicked, Err(Error::Internal(cause)) if cause.contains("on purpose")), "{panicked:?}");
    assert_eq!(wait(database.write(|conn| person(conn, "Bình"))).unwrap(), 1);
    assert_eq!(committed(storage).len(), 1);
    let read = wait(database.read::<(), _>(Lane::Long, |_| panic!("on purpose")));
    assert!(matches!(read, Err(Error::Internal(_))), "{read:?}");
    assert_eq!(wait(database.read(Lane::Long, |conn| Ok(log(conn).len()))).unwrap(), 1);
});

on_both_stores!(part_that_comes_to_nothing_leaves_those_before_it_and_little_is_done_twice, |storage| {
    let database = open(storage, 8);
    let (made, refused, again) = wait(database.write(|conn| {
        let again = Cell::new(0);
        let mut parts = Parts::new(|conn: &mut Conn, name: &String| {
            again.set(again.get() + 1);
            person(conn, name).map(drop)
        });
        let (mut made, mut refused) = (Vec::new(), 0);
        for number in 1..=300 {
            let attempt = parts.attempt(conn, number.to_string(), |conn, name| {
                let id = person(conn, name)?;
                if number % 75 == 0 { Err(Error::NotFound) } else { Ok(id) }
            });
            match attempt {
                Ok(id) => made.push(id),
                Err((name, Error::NotFound)) if name == number.to_string() => refused += 1,
                Err((name, error)) => return Err(Error::Internal(format!("{name}: {error}"))),
            }
        }
        parts.keep(conn)?;
        Ok((made, refused, again.get()))
    }))
    .unwrap();
    assert_eq!((made, refused), ((1..=296).collect(), 4));
    let names = |log: Vec<Change>| log.into_iter().map(|change| change.actor).collect::<Vec<_>>();
    let expected: Vec<String> = (1..=300).filter(|number| number % 75 != 0).map(|number| number.to_string()).collect();
    assert_eq!(names(committed(storage)), expected);
    // Of the 74 before the first the 10 of the third savepoint; then 1, 2, 4 ... 32 in savepoints that were kept, and 11 that
    // were not.
    assert_eq!(again, 10 + 3 * 11);
});

on_both_stores!(rehearsal_leaves_nothing_and_uses_up_no_number, |storage| {
    let database = open(storage, 8);
    for _ in 0..3 {
        assert_eq!(wait(database.rehearse(|conn| person(conn, "An"))).unwrap(), 1);
    }
    assert_eq!(committed(storage), []);
    assert_eq!(wait(database.write(|conn| person(conn, "Bình"))).unwrap(), 1);
    assert_eq!(committed(storage).iter().map(|change| change.sequence).collect::<Vec<_>>(), [1]);
});

/// A job that has begun and goes on when it is told.
struct Held {
    go_on: mpsc::Sender<()>,
    thread: thread::JoinHandle<Result<Id>>,
}

fn hold(database: &std::sync::Arc<Database>, name: &'static str) -> Held {
    let (go_on, told) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel::<()>();
    let database = std::sync::Arc::clone(database);
    let thread = thread::spawn(move || {
        wait(database.write(move |conn| {
            begun.send(()).unwrap();
            told.recv().unwrap();
            person(conn, name)
        }))
    });
    has_begun.recv().unwrap();
    Held { go_on, thread }
}

on_both_stores!(write_that_finds_the_queue_full_is_shed_at_once, |storage| {
    let database = std::sync::Arc::new(open(storage, 1));
    let held = hold(&database, "An");
    let mut waiting = Box::pin(database.write(|conn| person(conn, "Bình")));
    assert!(waiting.as_mut().now_or_never().is_none(), "it waits");
    let shed = wait(database.write(|conn| person(conn, "Chi")));
    assert!(matches!(shed, Err(Error::Unavailable(Outage::Overloaded))), "{shed:?}");
    held.go_on.send(()).unwrap();
    assert_eq!((held.thread.join().unwrap().unwrap(), wait(waiting).unwrap()), (1, 2));
    let writers: Vec<String> = committed(storage).into_iter().map(|change| change.actor).collect();
    assert_eq!(writers, ["An", "Bình"]);
});

on_both_stores!(job_under_way_can_tell_whether_others_wait, |storage| {
    let database = std::sync::Arc::new(open(storage, 8));
    let others = database.waiting_writes();
    let held = hold(&database, "An");
    assert!(!others.any(), "the one under way does not wait");
    let mut waiting = Box::pin(database.write(|conn| person(conn, "Bình")));
    assert!(waiting.as_mut().now_or_never().is_none());
    assert!(others.any());
    held.go_on.send(()).unwrap();
    held.thread.join().unwrap().unwrap();
    wait(waiting).unwrap();
    assert!(!others.any());
});

on_both_stores!(jobs_that_wait_together_are_committed_together, |storage| {
    let database = std::sync::Arc::new(open(storage, 64));
    let held = hold(&database, "An");
    let place = storage.location();
    let mut first = Box::pin(database.write(|conn| person(conn, "Bình")));
    let mut failing = Box::pin(database.write(|conn| {
        person(conn, "Chi")?;
        Err::<Id, _>(Error::Forbidden("not granted"))
    }));
    let mut last = Box::pin(database.write(move |conn| {
        let id = person(conn, "Dung")?;
        // In one transaction the lane sees what nobody else sees yet.
        let outside = log(&mut Conn::open(&place, Purpose::Read)?).len();
        Ok((id, log(conn).len(), outside))
    }));
    assert!(first.as_mut().now_or_never().is_none() && failing.as_mut().now_or_never().is_none());
    assert!(last.as_mut().now_or_never().is_none());
    held.go_on.send(()).unwrap();
    assert_eq!(held.thread.join().unwrap().unwrap(), 1);
    assert_eq!(wait(first).unwrap(), 2);
    assert!(matches!(wait(failing), Err(Error::Forbidden(_))));
    assert_eq!(wait(last).unwrap(), (3, 3, 1), "its number, what it saw, what others saw");
    let writers: Vec<String> = committed(storage).into_iter().map(|change| change.actor).collect();
    assert_eq!(writers, ["An", "Bình", "Dung"]);
});

/// How many rows of the log others see.
fn outside(place: &Location) -> Result<usize> {
    Ok(log(&mut Conn::open(place, Purpose::Read)?).len())
}

on_both_stores!(job_of_much_is_committed_by_itself, |storage| {
    let database = std::sync::Arc::new(open(storage, 64));
    let held = hold(&database, "An");
    let (place, after) = (storage.location(), storage.location());
    let mut before = Box::pin(database.write(|conn| person(conn, "Bình")));
    let much = move |conn: &mut Conn| Ok((person(conn, "Chi")?, outside(&place)?));
    let mut much = Box::pin(database.write_much(much, |_| true));
    let mut next = Box::pin(database.write(move |conn| Ok((person(conn, "Dung")?, outside(&after)?))));
    assert!(before.as_mut().now_or_never().is_none() && much.as_mut().now_or_never().is_none());
    assert!(next.as_mut().now_or_never().is_none());
    held.go_on.send(()).unwrap();
    assert_eq!(held.thread.join().unwrap().unwrap(), 1);
    assert_eq!(wait(before).unwrap(), 2);
    // With each number stands how much others saw: what came before was committed.
    assert_eq!((wait(much).unwrap(), wait(next).unwrap()), ((3, 2), (4, 3)));
    assert_eq!(wait(database.write_much(|conn| person(conn, "Em"), |id| *id != 5)).unwrap(), 5);
    assert_eq!(committed(storage).len(), 4, "what is not to be kept is taken back");
});

/// Follows the log through `database` until nobody writes any more: each change is the one after the last.
fn follow(database: &Database, ended: &AtomicBool) -> Vec<Change> {
    let mut seen: Vec<Change> = Vec::new();
    loop {
        let last = ended.load(Ordering::SeqCst);
        let after = seen.last().map_or(0, |change| change.sequence);
        let found =
            wait(database.read(Lane::Long, move |conn| changes::store::after(conn, Scope::All, after, None, 7)))
                .unwrap();
        if last && found.is_empty() {
            return seen;
        }
        for change in found {
            assert_eq!(change.sequence, seen.last().map_or(1, |last| last.sequence + 1), "a gap");
            seen.push(change);
        }
    }
}

/// Writers side by side through these databases, while each database is followed.
fn race(databases: &[Database]) {
    let ended = &AtomicBool::new(false);
    thread::scope(|scope| {
        let followers: Vec<_> = databases.iter().map(|database| scope.spawn(move || follow(database, ended))).collect();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let database = &databases[writer % databases.len()];
                scope.spawn(move || {
                    let write = |turn| {
                        let name = format!("{writer}-{turn}");
                        wait(database.write(move |conn| person(conn, &name))).unwrap()
                    };
                    (0..WRITES).map(write).collect::<Vec<Id>>()
                })
            })
            .collect();
        let made: Vec<_> = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        // Also where one has failed, lest the others wait for what will never come.
        ended.store(true, Ordering::SeqCst);
        let made: Vec<Vec<Id>> = made.into_iter().map(Result::unwrap).collect();
        let logs: Vec<Vec<Change>> = followers.into_iter().map(|follower| follower.join().unwrap()).collect();
        for log in &logs {
            assert_eq!(log, &logs[0]);
        }
        let names: HashMap<&str, &Change> = logs[0].iter().map(|change| (change.actor.as_str(), change)).collect();
        assert_eq!(names.len(), WRITERS * WRITES);
        for (writer, ids) in made.iter().enumerate() {
            let own: Vec<&&Change> = (0..WRITES).map(|turn| &names[format!("{writer}-{turn}").as_str()]).collect();
            assert_eq!(own.iter().map(|change| change.record_id).collect::<Vec<_>>(), *ids);
            assert!(own.windows(2).all(|two| two[0].sequence < two[1].sequence), "one writer's writes are in order");
        }
    });
}

on_both_stores!(follower_misses_nothing_while_eight_write, |storage| {
    race(&[open(storage, 64)]);
    verify_chain(&committed(storage));
});

#[test]
fn follower_misses_nothing_while_two_processes_write_to_one_postgres() {
    let storage = Storage::migrated(Engine::Postgres);
    race(&[open(&storage, 64), open(&storage, 64)]);
    verify_chain(&committed(&storage));
}

/// Each row has the hash that its stored text gives, and names that of the row before.
#[track_caller]
fn verify_chain(log: &[Change]) {
    assert!(!log.is_empty());
    let mut previous = changes::store::FIRST_HASH.to_owned();
    for change in log {
        assert_eq!(change.previous_hash, previous, "row {}", change.sequence);
        assert_eq!(change.computed_hash(), change.hash, "row {}", change.sequence);
        previous.clone_from(&change.hash);
    }
}

on_both_stores!(hash_tells_that_a_row_was_changed, |storage| {
    let database = open(storage, 8);
    wait(database.write(|conn| person(conn, "An"))).unwrap();
    let row = committed(storage).remove(0);
    verify_chain(std::slice::from_ref(&row));
    let with_key = |system: &str, key: &str| {
        let (key_system, external_key) = (Some(system.to_owned()), Some(key.to_owned()));
        Change { key_system, external_key, ..row.clone() }
    };
    let keyed = [with_key("a", "b"), with_key("a", "c"), with_key("b", "b"), with_key("ab", ""), row.clone()];
    let hashes: HashSet<String> = keyed.iter().map(Change::computed_hash).collect();
    assert_eq!(hashes.len(), keyed.len());
    let forged = [
        Change { after: row.after.replace("An", "Ăn"), ..row.clone() },
        Change { actor: "somebody".to_owned(), ..row.clone() },
        Change { version: 2, ..row.clone() },
        Change { record_id: 7, ..row.clone() },
        Change { credential: Some("x".to_owned()), ..row.clone() },
        Change { request_id: "x".to_owned(), ..row.clone() },
        Change { operation: changes::Operation::Delete, ..row.clone() },
        Change { previous_hash: row.hash.clone(), ..row.clone() },
    ];
    for forged in forged {
        assert_ne!(forged.computed_hash(), row.hash, "{forged:?}");
    }
});

on_both_stores!(log_only_grows, |storage| {
    let database = open(storage, 8);
    wait(database.write(|conn| person(conn, "An"))).unwrap();
    let before = committed(storage);
    let mut conn = storage.connect(Purpose::Write);
    let mut statements =
        vec!["UPDATE changes SET actor = 'x'", "DELETE FROM changes", "DELETE FROM changes WHERE sequence = 1"];
    match &conn {
        Conn::Pg(_) => statements.push("TRUNCATE changes"),
        Conn::Sqlite(_) => statements.push("REPLACE INTO changes SELECT * FROM changes"),
    }
    for statement in statements {
        let refused = conn.batch_execute(statement).unwrap_err().to_string();
        assert!(refused.contains("changes is append-only"), "{statement}: {refused}");
    }
    assert_eq!(committed(storage), before);
});

/// How many changes a read sees before and after another is committed, and the next read.
fn seen_by(storage: &Storage, lane: Lane) -> (usize, usize, usize) {
    let (database, mut other) = (open(storage, 8), storage.connect(Purpose::Write));
    let (before, after) = wait(database.read(lane, move |conn| {
        let before = log(conn).len();
        person(&mut other, "An")?;
        Ok((before, log(conn).len()))
    }))
    .unwrap();
    (before, after, wait(database.read(lane, |conn| Ok(log(conn).len()))).unwrap())
}

on_both_stores!(long_read_sees_one_moment, |storage| {
    assert_eq!(seen_by(storage, Lane::Long), (0, 0, 1));
});

#[test]
fn short_read_of_sqlite_sees_one_moment() {
    assert_eq!(seen_by(&Storage::migrated(Engine::Sqlite), Lane::Short), (0, 0, 1));
}

on_both_stores!(read_that_panics_leaves_nothing_to_the_next, |storage| {
    let database = Database::open(&storage.location(), Capacity { readers: 1, queue: 8 }).unwrap();
    let mut other = storage.connect(Purpose::Write);
    for (known, lane) in [Lane::Short, Lane::Long].into_iter().enumerate() {
        let panics = |conn: &mut Conn| -> Result<()> { panic!("{}", log(conn).len()) };
        let refused = catch_unwind(AssertUnwindSafe(|| wait(database.read(lane, panics))));
        assert!(!matches!(refused, Ok(Ok(()))));
        person(&mut other, "An").unwrap();
        assert_eq!(wait(database.read(lane, |conn| Ok(log(conn).len()))).unwrap(), known + 1);
    }
});

on_both_stores!(reader_cannot_write, |storage| {
    let database = open(storage, 8);
    for lane in [Lane::Short, Lane::Long] {
        let refused = wait(database.read(lane, |conn| person(conn, "An")));
        assert!(matches!(refused, Err(Error::Unavailable(Outage::ReadOnly))), "{refused:?}");
    }
    assert_eq!(committed(storage), []);
});
