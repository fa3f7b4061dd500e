//! Who calls: for now, the holders of signed tokens that the command line makes.

pub mod secret;
pub mod token;
