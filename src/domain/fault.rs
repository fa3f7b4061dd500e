//! What is wrong with one value, and the list of all that is wrong with one request.

use std::fmt;

use serde_json::Value;

/// One fault of one value: a stable code, a sentence that follows the name of the value, and what would be allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The stable code, such as `invalid_date`.
    pub code: &'static str,
    /// What is wrong, as the end of a sentence that begins with the place.
    pub message: String,
    /// The values that would be accepted, where there is a short list of them.
    pub allowed: Vec<String>,
}

/// Faults cross serde, which carries only text, between these two characters. A key from outside may hold them too, but
/// unknown keys are refused before serde sees them.
const OPEN: char = '\u{1}';
const SPLIT: char = '\u{2}';

impl Fault {
    /// A fault with no list of allowed values.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), allowed: Vec::new() }
    }

    /// The same fault, naming what would be accepted.
    #[must_use]
    pub fn allowing<T: Into<String>>(mut self, allowed: impl IntoIterator<Item = T>) -> Self {
        self.allowed = allowed.into_iter().map(Into::into).collect();
        self
    }

    /// The fault as a text that passes through a serde error and comes back out of [`Fault::decoded`].
    #[must_use]
    pub fn encoded(&self) -> String {
        let mut text = format!("{OPEN}{}{SPLIT}{}", self.code, self.message);
        for value in &self.allowed {
            text.push(SPLIT);
            text.push_str(value);
        }
        text.push(OPEN);
        text
    }

    /// Reads the fault inside the message of a serde error, or `None` if the error is serde's own.
    #[must_use]
    pub fn decoded(message: &str) -> Option<Self> {
        let inner = message.split(OPEN).nth(1)?;
        let mut parts = inner.split(SPLIT);
        let code = super::error::FAULT_CODES.iter().find(|known| Some(**known) == inner.split(SPLIT).next())?;
        let message = parts.nth(1)?.to_owned();
        Some(Self { code, message, allowed: parts.map(str::to_owned).collect() })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

/// Where in a request a fault lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A JSON Pointer (RFC 6901) into the body, such as `/participations/0/roles`.
    Pointer(String),
    /// The name of a parameter of the query, the path or a header.
    Parameter(String),
}

/// All faults found in one request, each with its place, in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults(pub Vec<(Place, Fault)>);

/// How many faults of one request are told. Nobody mends more at once, and a body may hold a hundred thousand.
const MOST_FAULTS: usize = 100;

impl Faults {
    /// Notes a fault of the field at `pointer` of the body, unless a hundred are noted already.
    pub fn field(&mut self, pointer: impl Into<String>, fault: Fault) {
        if !self.is_full() {
            self.0.push((Place::Pointer(pointer.into()), fault));
        }
    }

    /// Notes what was found elsewhere too, up to a hundred.
    pub fn extend(&mut self, found: Self) {
        self.0.extend(found.0);
        self.0.truncate(MOST_FAULTS);
    }

    /// Whether no more faults are noted.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.len() >= MOST_FAULTS
    }

    /// Whether a fault lies at `pointer` or below it.
    #[must_use]
    pub fn touch(&self, pointer: &str) -> bool {
        self.0.iter().any(|(place, _)| match place {
            Place::Pointer(at) => at.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Place::Parameter(_) => false,
        })
    }

    /// Those that are so whatever the fields say that have the faults `unread`: rules take such fields for absent, so that what
    /// they say of them, or of how values go together (`inconsistent`, `missing`), may not be so.
    #[must_use]
    pub fn certain_beside(mut self, unread: &Self) -> Self {
        self.0.retain(|(place, fault)| match place {
            Place::Pointer(at) => !matches!(fault.code, "inconsistent" | "missing") && !unread.touch(at),
            Place::Parameter(_) => true,
        });
        self
    }

    /// The places of links that point at nothing.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|(place, fault)| match place {
            Place::Pointer(pointer) if fault.code == "does_not_exist" => Some(pointer.as_str()),
            _ => None,
        })
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same faults with `prefix` before each pointer, for a body that is part of a larger one.
    #[must_use]
    pub fn below(self, prefix: &str) -> Self {
        let moved = self.0.into_iter().map(|(place, fault)| match place {
            Place::Pointer(pointer) => (Place::Pointer(format!("{prefix}{pointer}")), fault),
            parameter @ Place::Parameter(_) => (parameter, fault),
        });
        Self(moved.collect())
    }

    /// A single fault of the field at `pointer`.
    #[must_use]
    pub fn at(pointer: impl Into<String>, fault: Fault) -> Self {
        Self(vec![(Place::Pointer(pointer.into()), fault)])
    }
}

/// A remark beside a record: something odd that is stored all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The stable code, such as `same_symbol_other_kind`.
    pub code: &'static str,
    /// The field that it is about.
    pub pointer: String,
    /// What is odd, as a sentence.
    pub message: String,
}

impl Warning {
    /// A remark about the field at `pointer`.
    #[must_use]
    pub fn new(code: &'static str, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, pointer: pointer.into(), message: message.into() }
    }

    /// The remark as it is sent.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::json!({ "code": self.code, "pointer": self.pointer, "message": self.message })
    }
}
