//! Areas: the bodies and units within the places that something is granted for.

pub mod store;
