//! How the log is written, that nothing in a message passes for another line of it, and that a misspelt level does not
//! silence it.

use std::io::Write;

use directive_tracker::config::LogFormat;
use log::Log;

/// The level that is logged unless told.
const LOG_LEVEL: &str = "info";

/// Starts the log, to standard error.
pub fn start(format: LogFormat) {
    let asked = std::env::var("RUST_LOG").ok().filter(|asked| !asked.trim().is_empty());
    let asked = asked.unwrap_or_else(|| LOG_LEVEL.to_owned());
    // A word that is no level is taken for the name of a module, and nothing else is logged then.
    let silent = !silence_is_meant(&asked) && !log_builder(&asked).build().enabled(&own_errors());
    let mut builder = log_builder(&if silent { format!("{LOG_LEVEL},{asked}") } else { asked.clone() });
    match format {
        LogFormat::Json => builder.format(|out, record| {
            let line = serde_json::json!({
                "time": out.timestamp_micros().to_string(),
                "level": record.level().as_str(),
                "target": record.target(),
                "message": record.args().to_string(),
            });
            writeln!(out, "{line}")
        }),
        LogFormat::Text => builder.format(|out, record| {
            let (time, target, style) = (out.timestamp(), record.target(), out.default_level_style(record.level()));
            let (level, message) = (record.level(), on_one_line(&record.args().to_string()));
            writeln!(out, "[{time} {style}{level:<5}{style:#} {target}] {message}")
        }),
    };
    builder.init();
    if silent {
        log::warn!(
            "RUST_LOG={asked:?} would log nothing of this program, so {LOG_LEVEL} is logged: write error, warn, info, debug or off"
        );
    }
}

fn log_builder(filters: &str) -> env_logger::Builder {
    let mut builder = env_logger::Builder::new();
    builder.parse_filters(filters);
    builder
}

/// The message without what would begin a new line or speak to a terminal (OWASP ASVS 5.0, 16.4.1).
fn on_one_line(message: &str) -> String {
    let mut line = String::with_capacity(message.len());
    for letter in message.chars() {
        if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    line
}

fn silence_is_meant(filters: &str) -> bool {
    filters.split(',').any(|part| part.rsplit('=').next().is_some_and(|level| level.trim().eq_ignore_ascii_case("off")))
}

fn own_errors() -> log::Metadata<'static> {
    log::Metadata::builder().target(env!("CARGO_CRATE_NAME")).level(log::Level::Error).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_passes_for_another_line() {
        let forged = "no such user an\r\n[2026-11-21T03:00:00Z ERROR directive_tracker] lost\u{2028}\u{1b}[2Jtất cả";
        assert_eq!(
            on_one_line(forged),
            r"no such user an\r\n[2026-11-21T03:00:00Z ERROR directive_tracker] lost\u{2028}\u{1b}[2Jtất cả"
        );
    }
}
