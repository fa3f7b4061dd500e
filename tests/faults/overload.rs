//! Ten times as many requests as can be answered (R12): those that are too many are refused at once, and the others are
//! answered about as fast as without them.
//!
//! What else a machine has to do makes everything slower at once. So what is answered is held against the time in which the
//! thread that answers was given a processor, and how soon is refused against how soon another server answers meanwhile, of
//! which nobody else wants anything.

use std::fs;
use std::ops::Sub;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::attempt::{Attempt, attempt};
use crate::process::{Server, alone};
use crate::support::service::Storage;
use crate::support::{Client, Engine};

/// What takes so much longer than to refuse it that the time for this does not count, on the one thread that such reads have
/// here.
const SLOW: &str = "/v1/matrix?kind=directive,resolution,conclusion";

/// What costs that thread nothing.
const NOTHING: &str = "/v1/nothing";

/// How many answers are waited for to learn how many there can be.
const SAMPLE: u32 = 12;

/// How often the load is sent: what the machine gives for its time changes.
const ROUNDS: u32 = 8;

/// The longest that it may take to be refused, unless all takes long.
const AT_ONCE: Duration = Duration::from_millis(100);

/// How long the one thread for such reads has worked, and how long it waited for a processor that others had.
#[derive(Debug, Clone, Copy)]
struct Share {
    worked: Duration,
    waited: Duration,
}

impl Share {
    fn of(process: u32) -> Self {
        let threads = fs::read_dir(format!("/proc/{process}/task")).unwrap().map(|thread| thread.unwrap().path());
        let mut readers =
            threads.filter(|thread| fs::read_to_string(thread.join("comm")).unwrap().starts_with("reader-"));
        let figures = fs::read_to_string(readers.next().unwrap().join("schedstat")).unwrap();
        let mut nanoseconds = figures.split(' ').map(|figure| Duration::from_nanos(figure.parse().unwrap()));
        Self { worked: nanoseconds.next().unwrap(), waited: nanoseconds.next().unwrap() }
    }
}

impl Sub for Share {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self { worked: self.worked.saturating_sub(earlier.worked), waited: self.waited.saturating_sub(earlier.waited) }
    }
}

/// Asks for the same over and over, two callers at once so that the thread is never idle, and says how long one took.
fn time_of_one(caller: &Client) -> Duration {
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..SAMPLE / 2).for_each(|_| drop(caller.get(SLOW).expect(200))));
        }
    });
    begun.elapsed() / SAMPLE
}

/// How long the thread works for one while as many requests come as later are too many, all of which cost it nothing: what
/// is done beside it on the same machine makes its work slower.
fn work_for_one(server: &Server, caller: &Client, interval: Duration) -> Duration {
    let before = Share::of(server.id());
    thread::scope(|scope| {
        scope.spawn(|| time_of_one(caller));
        every(interval, SAMPLE * 10, caller, NOTHING);
    });
    (Share::of(server.id()) - before).worked / SAMPLE
}

/// What came of a request, and how long that took.
type Came = (Attempt, Duration);

/// Sends a request each time that so much has passed, whatever became of those before.
fn every(interval: Duration, count: u32, caller: &Client, path: &str) -> Vec<Came> {
    let (_never, clock) = channel::<()>();
    let begun = Instant::now();
    let (address, bytes) = (caller.address, caller.request("GET", path).bytes());
    thread::scope(|scope| {
        let asked: Vec<_> = (0..count)
            .map(|number| {
                let due = begun + interval * number;
                let _ = clock.recv_timeout(due.saturating_duration_since(Instant::now()));
                scope.spawn(|| attempt(address, &bytes))
            })
            .collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// The middle one.
fn typical(times: impl IntoIterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.into_iter().collect();
    times.sort();
    times[times.len() / 2]
}

/// How long typical answers took, all of which are those of a program that is well.
fn time_of(answers: Vec<Came>) -> Duration {
    typical(answers.into_iter().map(|(outcome, time)| {
        assert!(matches!(outcome, Attempt::Answered(answer) if answer.status == 200));
        time
    }))
}

/// What came of requests of which ten times as many are sent as can be answered.
#[derive(Default)]
struct Load {
    /// How long the thread would have worked for those that were answered, and how long it could have.
    useful: Duration,
    given: Duration,
    answered: u32,
    refused: Vec<Duration>,
    /// How long it took to learn that the program is alive, and that another is.
    alive: Vec<Came>,
    other: Vec<Came>,
}

impl Load {
    /// Sends them, and holds what came of them against what the thread does before and after.
    fn add(&mut self, server: &Server, caller: &Client, other: &Client) {
        let interval = time_of_one(caller) / 10;
        let before = work_for_one(server, caller, interval);
        let (calm, begun) = (Share::of(server.id()), Instant::now());
        let (slow, alive, other) = thread::scope(|scope| {
            let alive = scope.spawn(|| every(interval * 10, SAMPLE, caller, "/healthz"));
            let other = scope.spawn(|| every(interval * 10, SAMPLE, other, "/healthz"));
            (every(interval, SAMPLE * 10, caller, SLOW), alive.join().unwrap(), other.join().unwrap())
        });
        let (took, share) = (begun.elapsed(), Share::of(server.id()) - calm);
        let after = work_for_one(server, caller, interval);

        let answered = self.answered;
        for (outcome, time) in slow {
            let Attempt::Answered(answer) = outcome else { panic!("a request was not answered: {outcome:?}") };
            if answer.status == 200 {
                self.answered += 1;
                continue;
            }
            assert_eq!((answer.status, &answer.json()["code"]), (503, &json!("overloaded")), "{answer}");
            assert_eq!(answer.header("retry-after"), Some("2"));
            self.refused.push(time);
        }
        self.useful += (before + after) / 2 * (self.answered - answered);
        self.given += took.saturating_sub(share.waited);
        self.alive.extend(alive);
        self.other.extend(other);
    }
}

#[test]
fn what_is_too_much_is_refused_at_once_and_the_rest_is_answered() {
    let _alone = alone();
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &["--sample", "--readers", "1", "--queue", "4"]);
    let caller = server.public();
    let beside = Storage::migrated(Engine::Sqlite);
    let other = Server::start(&beside.location(), &[]);
    caller.get(SLOW).expect(200);
    let mut load = Load::default();
    for _ in 0..ROUNDS {
        load.add(&server, &caller, &other.public());
    }

    let Load { useful, given, answered, refused, alive, other } = load;
    let goodput = useful.as_secs_f64() / given.as_secs_f64();
    let count = refused.len();
    let [refused, alive, other] = [typical(refused), time_of(alive), time_of(other)];
    println!(
        "{answered} answered, {useful:?} of {given:?}, {goodput:.2} of what can be; {count} refused, typically within \
         {refused:?}; alive within {alive:?}, another within {other:?}"
    );
    assert!(count > (ROUNDS * SAMPLE) as usize, "only {count} were refused");
    let at_once = AT_ONCE.max(3 * other);
    assert!(refused < at_once, "to be refused took {refused:?}, and another server {other:?}");
    assert!(alive < at_once, "to be told that it is alive took {alive:?}, and another server {other:?}");
    assert!(goodput >= 0.8, "{goodput:.2} of what can be was answered");
}
