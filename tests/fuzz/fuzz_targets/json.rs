#![no_main]

use careconnect_fuzz::Target;
use libfuzzer_sys::fuzz_target;

// The first byte chooses the reader, so that no run is spent on the other.
fuzz_target!(|bytes: &[u8]| Target::Json.run(&[b"{", bytes].concat()));
