//! Who calls: accounts of people, what they sign in with, and what was done with it.
//!
//! Accounts are no records of the registry: they have no public list, and stand neither in the change log nor in an export.
//! [`user`] has the people, [`password`] what they sign in with, [`session`] and [`access`] what they get for it, [`api_key`]
//! what programs have instead; [`signing_key`] signs tokens, [`throttle`] says how often somebody may try, and [`event`] is
//! the list of what happened, for which [`refusals`] gathers what was refused. [`seal`] closes what is kept and may not be read. [`directory`] holds in memory what every request asks. Rules stand apart from the `store.rs`
//! beside them. Start with [`login`]; [`token`] makes the tokens of the command line.

pub mod access;
pub mod api_key;
pub mod directory;
pub mod event;
pub mod login;
pub mod password;
pub mod refusals;
pub mod seal;
pub mod secret;
pub mod session;
pub mod signing_key;
pub mod throttle;
pub mod token;
pub mod user;
