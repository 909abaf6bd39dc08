//! `cargo xtask www`: the playground, into `www/dist`.

use crate::{package, run};
use anyhow::Result;

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &[])?;
    package::build()?;
    build()
}

/// Builds the playground from the package as it stands in `pkg`.
pub fn build() -> Result<()> {
    run::npm_ci("www")?;
    run::step("the playground");
    let mut vite = run::command("node", ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]);
    vite.current_dir(run::root().join("www"));
    run::output(vite)?;
    Ok(())
}
