//! Conferences: what they did about which document, where and with whom they were held, and what they found.
//!
//! The rule: what a conference does and the years that it reviews sit on its link with a document, since one conference
//! may finally review one document, review two others in between and launch a fourth. That document may be missing: then
//! an organization or the words of the source name the subject. Start with [`conference`].

pub mod bridge_point;
pub mod conference;
pub mod conference_document;
pub mod finding;
pub mod participation;
pub mod vocabulary;
