//! What the targets have in common.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub use cap::Cap;
use cpu_time::ThreadTime;
pub use libfuzzer_sys;

/// So many bytes the door may hold at a time. What asks for more gets none, and ends the run.
pub const MOST_BYTES: usize = 512 << 20;

/// So long the door may take, in time of the processor: what else a machine has to do must not fail a run.
pub const LONGEST: Duration = Duration::from_secs(1);

/// Opens the door, and says how long that took at most so far.
///
/// # Panics
/// If it takes too long.
pub fn timed(door: impl FnOnce()) {
    static SLOWEST_US: AtomicU64 = AtomicU64::new(0);
    let start = ThreadTime::now();
    door();
    let took = start.elapsed();
    let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if us > SLOWEST_US.fetch_max(us, Ordering::Relaxed) {
        eprintln!("SLOWEST: {:.1} ms", 1e3 * took.as_secs_f64());
    }
    assert!(took < LONGEST, "the input took {} s", took.as_secs_f64());
}

/// Lets a door contain panics of others: the fuzzer ends a run at the panic itself, not where it is caught. Those that are not
/// caught end it all the same.
pub fn let_panics_be_caught() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))));
}

/// Makes a target of a door.
#[macro_export]
macro_rules! target {
    ($door:path) => {
        #[global_allocator]
        static HEAP: $crate::Cap<std::alloc::System> = $crate::Cap::new(std::alloc::System, $crate::MOST_BYTES);

        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::timed(|| $door(data)));
    };
}
