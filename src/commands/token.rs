//! `token`: makes a token.

use anyhow::Result;
use clap::Args;
use directive_tracker::accounts::{secret, token};
use directive_tracker::config::SecretSettings;
use directive_tracker::domain::{Clock, Line, Role};

use super::print;
use super::user::role;

/// What `token` takes.
#[derive(Args)]
pub struct Token {
    /// What the token allows: reader, editor or administrator.
    #[arg(long, default_value = "editor", value_parser = role)]
    role: Role,
    /// Whom it stands for, as the change log will name them: one line of at most 200 characters.
    #[arg(long, value_parser = subject)]
    subject: Line<200>,
    /// How long it is good: a number with s, m, h or d, at most 31d.
    #[arg(long, default_value = "8h", value_parser = seconds)]
    expires: i64,
    #[command(flatten)]
    secret: SecretSettings,
}

/// Prints a token.
pub fn run(arguments: &Token) -> Result<()> {
    let secret = secret::existing(arguments.secret.secret.as_deref(), &arguments.secret.secret_file)?;
    let tokens = token::Tokens::new(&secret);
    let token = tokens.issue(arguments.subject.as_str(), arguments.role, Clock::System.now(), arguments.expires)?;
    print(&token)
}

fn seconds(text: &str) -> Result<i64, String> {
    let wrong = || "a number with s, m, h or d, from 1s to 31d".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let seconds = number.parse::<i64>().ok().and_then(|number| number.checked_mul(factor));
    seconds.filter(|seconds| (1..=token::LONGEST_LIFE).contains(seconds)).ok_or_else(wrong)
}

fn subject(text: &str) -> Result<Line<200>, String> {
    Line::new(text).map_err(|fault| format!("it {fault}"))
}
