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

/// How many answers are waited for to learn how many there can be.
const SAMPLE: u32 = 24;

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

/// What came of a request, and how long that took.
type Came = (Attempt, Duration);

/// What came of requests under load.
struct Outcomes {
    slow: Vec<Came>,
    /// Whether the program is alive, and whether another is.
    alive: Vec<Came>,
    other: Vec<Came>,
}

/// Sends a request each time that so much has passed, whatever became of those before. Each tenth time it asks too whether
/// the program is alive, and whether another is.
fn every(interval: Duration, count: u32, caller: &Client, other: &Client) -> Outcomes {
    let (_never, clock) = channel::<()>();
    let begun = Instant::now();
    let ask = |caller: &Client, path: &str| {
        let (address, bytes) = (caller.address, caller.request("GET", path).bytes());
        move || attempt(address, &bytes)
    };
    thread::scope(|scope| {
        let (mut slow, mut alive, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..count {
            let due = begun + interval * number;
            let _ = clock.recv_timeout(due.saturating_duration_since(Instant::now()));
            slow.push(scope.spawn(ask(caller, SLOW)));
            if number % 10 == 0 {
                alive.push(scope.spawn(ask(caller, "/healthz")));
                others.push(scope.spawn(ask(other, "/healthz")));
            }
        }
        let [slow, alive, other] =
            [slow, alive, others].map(|all| all.into_iter().map(|one| one.join().unwrap()).collect());
        Outcomes { slow, alive, other }
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

#[test]
fn what_is_too_much_is_refused_at_once_and_the_rest_is_answered() {
    let _alone = alone();
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &["--sample", "--readers", "1", "--queue", "4"]);
    let caller = server.public();
    let beside = Storage::migrated(Engine::Sqlite);
    let other = Server::start(&beside.location(), &[]);
    caller.get(SLOW).expect(200);
    let share = || Share::of(server.id());
    let at_first = share();
    let interval = time_of_one(&caller) / 10;
    let (calm, begun) = (share(), Instant::now());
    let Outcomes { slow, alive, other } = every(interval, SAMPLE * 10, &caller, &other.public());
    let (took, busy) = (begun.elapsed(), share());
    time_of_one(&caller);
    // What the machine gives for its time changes meanwhile.
    let one = (calm - at_first).worked.max((share() - busy).worked) / SAMPLE;
    let given = took.saturating_sub((busy - calm).waited);

    let (mut answered, mut refused) = (0, Vec::new());
    for (outcome, time) in slow {
        let Attempt::Answered(answer) = outcome else { panic!("a request was not answered: {outcome:?}") };
        if answer.status == 200 {
            answered += 1;
            continue;
        }
        assert_eq!((answer.status, &answer.json()["code"]), (503, &json!("overloaded")), "{answer}");
        assert_eq!(answer.header("retry-after"), Some("2"));
        refused.push(time);
    }
    let goodput = one.as_secs_f64() * f64::from(answered) / given.as_secs_f64();
    let count = refused.len();
    let [refused, alive, other] = [typical(refused), time_of(alive), time_of(other)];
    println!(
        "{one:?} for one; {answered} answered in {given:?} of {took:?}, {goodput:.2} of what can be; {count} refused, \
         typically within {refused:?}; alive within {alive:?}, another within {other:?}"
    );
    assert!(count > SAMPLE as usize, "only {count} were refused");
    let at_once = AT_ONCE.max(3 * other);
    assert!(refused < at_once, "to be refused took {refused:?}, and another server {other:?}");
    assert!(alive < at_once, "to be told that it is alive took {alive:?}, and another server {other:?}");
    assert!(goodput >= 0.8, "{goodput:.2} of what can be was answered");
}
