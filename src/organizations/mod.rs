//! Bodies of the Party and the State, their committees, the administrative units they belong to, what became of either,
//! and the periods within which they number their documents.
//!
//! The rule: units and bodies have a life span, and a code or symbol names one only together with a day.

pub mod admin_unit;
pub mod class;
pub mod committee_member;
pub mod life;
pub mod numbering_period;
pub mod organization;
pub mod succession;
pub mod vocabulary;
