//! Records that come in many at once: for now, the data sets that the program carries.

pub mod load;
