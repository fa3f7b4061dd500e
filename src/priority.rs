//! Which threads go first where several want a processor.

/// By how much a thread is nicer than the others, which have ten of its turns for it.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Lets the threads that serve requests go before this one, for good: what it does, `work` for the log, takes time of this
/// machine, and a short request beside it must not wait for its turn. Linux gives each thread a priority of its own
/// (setpriority(2)).
#[cfg_attr(
    not(target_os = "linux"),
    expect(unused_variables, reason = "other systems have one priority for all threads")
)]
pub fn yield_to_others(work: &str) {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        log::warn!("{work} run at the priority of short requests: {error}");
    }
}
