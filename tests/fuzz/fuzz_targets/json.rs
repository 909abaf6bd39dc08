#![no_main]

use libfuzzer_sys::fuzz_target;

// The first byte chooses the reader, so that no run is spent on the other.
fuzz_target!(|bytes: &[u8]| careconnect_fuzz::read(&[b"{", bytes].concat()));
