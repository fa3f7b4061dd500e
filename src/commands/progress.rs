//! How far a long command has come: a bar for who looks on, and one line of the log at the end for everybody.

use std::time::{Duration, Instant};

use directive_tracker::transfer::database::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The bar of one command. It shows nothing where standard error is no terminal.
pub struct Bar {
    bar: ProgressBar,
    begun: Instant,
}

impl Bar {
    /// A bar that has not moved yet.
    pub fn begin() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        Self { bar, begun: Instant::now() }
    }

    /// Shows how far it is.
    pub fn show(&self, progress: Progress) {
        let (style, length, position) = match progress {
            Progress::Lines(done, all) => ("{wide_bar} {human_pos} of {human_len} lines, {eta} left", Some(all), done),
            Progress::Records(done) => ("{spinner} {human_pos} records built, {elapsed}", None, done),
        };
        let other_stage = self.bar.length() != length || self.bar.position() == 0;
        self.bar.set_position(position);
        if other_stage {
            self.bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
            match length {
                Some(length) => self.bar.set_length(length),
                None => self.bar.unset_length(),
            }
        }
    }

    /// Takes the bar away, and says how long `count` things took: `in 2.1 s, 95238 a second`.
    pub fn finish(self, count: u64) -> String {
        self.bar.finish_and_clear();
        took(self.begun.elapsed(), count)
    }
}

fn took(time: Duration, count: u64) -> String {
    let milliseconds = time.as_millis().max(1);
    let rate = u128::from(count).saturating_mul(1000) / milliseconds;
    format!("in {:.1} s, {rate} a second", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_whole_time() {
        assert_eq!(took(Duration::from_millis(2100), 200_000), "in 2.1 s, 95238 a second");
        assert_eq!(took(Duration::ZERO, 0), "in 0.0 s, 0 a second");
    }
}
