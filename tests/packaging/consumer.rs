//! A program that has the crate as `cargo add careconnect --features packs` gives it. `cargo xtask release` builds and runs
//! it against the packaged crate: it prints the report, as JSON, of the resource on standard input.

use careconnect::definitions::Index;
use careconnect::{Careconnect, check, outcome, packs};
use std::error::Error;
use std::io::Read;

fn main() -> Result<(), Box<dyn Error>> {
    let mut resource = Vec::new();
    std::io::stdin().read_to_end(&mut resource)?;
    let careconnect = Careconnect::load(&[packs::STU3, packs::CARECONNECT])?.with_index(Index::new(packs::INDEX));
    let needed = careconnect.needed(&resource, &[]);
    let careconnect = careconnect.with_packs(&packs::named(&needed))?;
    println!("{}", outcome::plain(&careconnect.validate(&resource, &check::Options::default())));
    Ok(())
}
