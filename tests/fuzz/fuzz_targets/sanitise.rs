#![no_main]

use careconnect_fuzz::Target;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| Target::Sanitise.run(bytes));
