//! Tasks: what documents and conferences ask of whom, what was reported of it, and what is expected besides.
//!
//! The rule: what a source or a body stated is stored, here the state of a task and its due date; whether it is late is
//! worked out for a day ([`timeliness`]). Reports, evidence and requests for more time are never changed; a decision is added to them.

pub mod assignment;
mod decision;
pub mod evidence_document;
pub mod expectation;
pub mod extension;
pub mod holiday;
pub mod task;
pub mod task_update;
pub mod timeliness;
pub mod vocabulary;
