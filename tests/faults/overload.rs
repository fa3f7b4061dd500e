//! Ten times as many requests as can be answered (R12): those that are too many are refused at once, and the others are
//! answered about as fast as without them.

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

/// Sends a request each time that so much has passed, whatever became of those before, and gives what came of all.
fn every(interval: Duration, count: u32, caller: &Client) -> Vec<(Attempt, Duration)> {
    let (_never, clock) = channel::<()>();
    let begun = Instant::now();
    let request = caller.request("GET", SLOW).bytes();
    thread::scope(|scope| {
        let send = |number: u32| {
            let due = begun + interval * number;
            let _ = clock.recv_timeout(due.saturating_duration_since(Instant::now()));
            scope.spawn(|| attempt(caller.address, &request))
        };
        let requests: Vec<_> = (0..count).map(send).collect();
        requests.into_iter().map(|answer| answer.join().unwrap()).collect()
    })
}

#[test]
fn what_is_too_much_is_refused_at_once_and_the_rest_is_answered() {
    let _alone = alone();
    let storage = Storage::migrated(Engine::Sqlite);
    let server = Server::start(&storage.location(), &["--sample", "--readers", "1", "--queue", "4"]);
    let caller = server.public();
    caller.get(SLOW).expect(200);
    let before = time_of_one(&caller);
    let begun = Instant::now();
    let outcomes = every(before / 10, SAMPLE * 10, &caller);
    let took = begun.elapsed();
    caller.get("/healthz").expect(200);
    // What else the machine has to do changes meanwhile.
    let one = before.max(time_of_one(&caller));

    let (mut answered, mut refused) = (0, Vec::new());
    for (outcome, time) in outcomes {
        let Attempt::Answered(answer) = outcome else { panic!("a request was not answered: {outcome:?}") };
        if answer.status == 200 {
            answered += 1;
            continue;
        }
        assert_eq!((answer.status, &answer.json()["code"]), (503, &json!("overloaded")), "{answer}");
        assert_eq!(answer.header("retry-after"), Some("2"));
        refused.push(time);
    }
    refused.sort();
    let goodput = one.as_secs_f64() * f64::from(answered) / took.as_secs_f64();
    println!(
        "{one:?} for one; {answered} answered in {took:?}, {goodput:.2} of what can be; {} refused",
        refused.len()
    );
    assert!(refused.len() > SAMPLE as usize, "only {} were refused", refused.len());
    let typical = refused[refused.len() / 2];
    assert!(typical < one, "to be refused took {typical:?}, and to be answered {one:?}");
    assert!(goodput >= 0.8, "{goodput:.2} of what can be was answered");
}
