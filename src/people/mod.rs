//! People in public office and the positions they held.
//!
//! The rule: public office only. A person has a name and dated positions; there is no field for a birth date, a
//! telephone number, or the number of an identity or Party card, and none is to be put into a remark.

pub mod person;
pub mod position;
