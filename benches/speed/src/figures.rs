//! What was measured, round by round, and the table that is made of it.

use std::fmt;
use std::time::Duration;

/// What one server did in one round.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Microseconds of CPU time for each request.
    cpu: f64,
    per_second: f64,
    /// Milliseconds within which half of the requests were answered, and 99 of a hundred.
    p50: f64,
    p99: f64,
    /// The largest size in memory, in megabytes.
    peak: f64,
}

impl Measured {
    /// Figures with those of the times that requests took.
    pub fn of(cpu: f64, per_second: f64, mut times: Vec<Duration>, peak: f64) -> Self {
        times.sort_unstable();
        let within = |share: usize| times.get(times.len() * share / 100).or(times.last());
        let milliseconds = |share| within(share).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
        Self { cpu, per_second, p50: milliseconds(50), p99: milliseconds(99), peak }
    }
}

/// All that was measured: the workload, the server, and one round of it.
#[derive(Default)]
pub struct Figures(Vec<(String, &'static str, Measured)>);

impl Figures {
    /// Adds a round.
    pub fn add(&mut self, workload: &str, server: &'static str, measured: Measured) {
        self.0.push((workload.to_owned(), server, measured));
    }

    /// The rounds of a server with the workload that begins so.
    fn rounds<'a>(&'a self, workload: &'a str, server: &'a str) -> impl Iterator<Item = &'a Measured> {
        let those = move |entry: &&(String, &str, Measured)| entry.0.starts_with(workload) && entry.1 == server;
        self.0.iter().filter(those).map(|(_, _, measured)| measured)
    }

    /// How one compares with another in the same round.
    fn ratio(&self, one: (&str, &str), other: (&str, &str), of: fn(&Measured) -> f64) -> Option<Spread> {
        let (one, other) = (self.rounds(one.0, one.1), self.rounds(other.0, other.1));
        let ratios: Vec<f64> = one.zip(other).map(|(one, other)| of(one) / of(other)).collect();
        (!ratios.is_empty()).then(|| Spread::of(ratios))
    }

    /// Each workload with each server, in the order in which they were measured first.
    fn rows(&self) -> Vec<(&str, &'static str)> {
        let mut rows = Vec::new();
        for (workload, server, _) in &self.0 {
            if !rows.contains(&(workload.as_str(), *server)) {
                rows.push((workload.as_str(), *server));
            }
        }
        rows.sort_by_key(|(workload, _)| self.0.iter().position(|(known, ..)| known == workload));
        rows
    }
}

/// The one in the middle, and the extremes.
struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(mut numbers: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
        Self { median: at(numbers.len() / 2), least: at(0), most: at(numbers.len().saturating_sub(1)) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:.2} ({:.2} to {:.2})", self.median, self.least, self.most)
    }
}

/// A figure with so many digits that three of them say something.
fn short(number: f64) -> String {
    let digits = if number < 10.0 { 2 } else { usize::from(number < 100.0) };
    format!("{number:.digits$}")
}

impl fmt::Display for Figures {
    /// A row for each workload and server, then what else was promised. The ratio is that of CPU time within a round: of
    /// the service to the floor, of every other server to the service.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "| workload | server | CPU, µs | ratio (extremes) | per second | p50, ms | p99, ms | peak, MB |"
        )?;
        writeln!(out, "|---|---|---:|---:|---:|---:|---:|---:|")?;
        for (workload, server) in self.rows() {
            let against = match server {
                "service" => "floor",
                "floor" => "",
                _ => "service",
            };
            let ratio = self.ratio((workload, server), (workload, against), |of| of.cpu);
            let ratio = ratio.map(|ratio| ratio.to_string()).unwrap_or_default();
            let median =
                |of: fn(&Measured) -> f64| short(Spread::of(self.rounds(workload, server).map(of).collect()).median);
            let (cpu, speed) = (median(|of| of.cpu), median(|of| of.per_second));
            let (p50, p99, peak) = (median(|of| of.p50), median(|of| of.p99), median(|of| of.peak));
            writeln!(out, "| {workload} | {server} | {cpu} | {ratio} | {speed} | {p50} | {p99} | {peak} |")?;
        }
        for server in ["service", "postgres"] {
            for (workload, alone) in [
                ("a, beside searches", "a:"),
                ("a, beside 200 logins", "a:"),
                ("a, unhurried, beside 200 logins", "a, unhurried:"),
            ] {
                if let Some(ratio) = self.ratio((workload, server), (alone, server), |of| of.p99) {
                    writeln!(out, "\nThe p99 of {workload} is {ratio} times what it is alone ({server}).")?;
                }
            }
        }
        let speed = |of: &Measured| of.per_second;
        if let Some(ratio) = self.ratio(("w: 64", "service"), ("w: 1 ", "service"), speed) {
            writeln!(out, "\n64 clients create {ratio} times as many a second as one does.")?;
        }
        for (server, rest) in [("floor", "with"), ("unlogged", "without")] {
            if let Some(ratio) = self.ratio(("i:", "service"), ("i:", server), speed) {
                writeln!(out, "The import writes {ratio} times as many a second as prepared inserts {rest} the log.")?;
            }
        }
        Ok(())
    }
}
