//! Decisions on what was requested or submitted: by whom, on which day.

use crate::domain::{Date, Fault, Faults, Id};

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
    /// Who asked.
    pub asked_by: Signature,
    /// Who decided.
    pub decided_by: Signature,
}

/// Who did something: a body, a person, or one for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The body.
    pub body: Option<Id>,
    /// The person.
    pub person: Option<Id>,
}

impl Signature {
    /// Whether somebody is named.
    #[must_use]
    pub const fn is_there(self) -> bool {
        self.body.is_some() || self.person.is_some()
    }
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
    if is_open && decision.decided_on.is_none() && decision.decided_by.is_there() {
        faults.field("/status", Fault::new("inconsistent", "is no decision"));
    }
}

/// Refuses what somebody allows themselves, the person or else the body: `asked` and `allowed` say what they did, such as
/// `submitted the evidence` and `accepts`.
pub fn refuse_own<S>(decision: &Decision<S>, asked: &str, allowed: &str, faults: &mut Faults) {
    let same = |one: Option<Id>, other: Option<Id>| one.is_some() && one == other;
    let mut refuse = |pointer: &str, who: &str| {
        let message = format!("is the {who} that {asked}: nobody {allowed} their own");
        faults.field(pointer, Fault::new("inconsistent", message));
    };
    let (from, by) = (decision.asked_by, decision.decided_by);
    if same(from.person, by.person) {
        refuse("/decided_by_person", "person");
    } else if same(from.body, by.body) {
        refuse("/decided_by", "body");
    }
}
