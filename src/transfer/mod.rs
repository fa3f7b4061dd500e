//! Records that come in many at once: the data sets that the program carries ([`load`]), and those that somebody sends
//! ([`mod@import`]). Both go the way of every other write.

pub mod import;
pub mod load;
pub mod spool;
