//! Decisions on what was requested or submitted: by whom, on which day.

use crate::domain::{Date, Fault, Faults};

/// What every decision has, as the rules of those that are decided see it.
#[derive(Debug, Clone, Copy)]
pub struct Decision<S> {
    /// What became of it.
    pub status: S,
    /// The status before anybody decides.
    pub open: S,
    /// The day of the request.
    pub asked_on: Date,
    /// The day of the decision.
    pub decided_on: Option<Date>,
    /// Whether somebody is named who decided.
    pub is_signed: bool,
}

/// Refuses a decision without its day, one before the request, and what only a decision has where there is none.
pub fn check_decision<S: PartialEq>(decision: &Decision<S>, faults: &mut Faults) {
    let is_open = decision.status == decision.open;
    match decision.decided_on {
        None if !is_open => faults.field("/decided_on", Fault::new("missing", "is required")),
        Some(_) if is_open => {
            faults.field("/status", Fault::new("inconsistent", "is no decision"));
        }
        Some(day) if day < decision.asked_on => {
            let message = format!("must not be before {}", decision.asked_on);
            faults.field("/decided_on", Fault::new("inconsistent", message));
        }
        _ => {}
    }
    if is_open && decision.decided_on.is_none() && decision.is_signed {
        faults.field("/status", Fault::new("inconsistent", "is no decision"));
    }
}
