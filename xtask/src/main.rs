//! The build pipeline, the same on a laptop and in CI: `cargo xtask` alone lists the commands.

mod agreement;
mod api;
mod attested;
mod bench;
mod catalogue;
mod corpus;
mod demo;
mod docs;
mod fuzz;
mod mutants;
mod narratives;
mod package;
mod packs;
mod parts;
mod profiles;
mod python;
mod reference;
mod release;
mod run;
mod size;
mod supply;
mod terminology_server;
mod test;
mod visibility;
mod www;

use std::process::ExitCode;

const HELP: &str = "cargo xtask COMMAND

  profiles SOURCE…    import definitions (FHIR packages: .tgz or directories) into profiles/, facts only
  packs               compile profiles/ into packs, one for each family: pkg/dist/packs
  demo [--no-serve]   build everything, check and display an example in Node, then serve the playground
  test                every test: format, lints, native, Node, browser
  pkg [--quick|--again]  build the npm package: pkg/dist (--quick: to try a change out, neither small nor fast; --again:
                      twice, to see that the same source gives the same bytes)
  www                 build the playground: www/dist
  docs                write docs/rules.md from the rules and the test cases
  python [--spark]    build the Python package and run its tests; --spark: those with PySpark, DuckDB and Polars too
  fuzz [SECONDS]      change inputs at random, 5 seconds for each part of the core: nothing may panic or hang
  bench [--no-build]  measure the package's speed in Node: against JSON.parse, by size, and cold
  agreement [--bless] compare with the reference validator's findings, where they are at hand: tests/agreement.txt
  attested [--bless] [--missed] [--findings] [--seen RULE]
                      plant contradictions in published documents, where they are at hand: tests/attested.txt
  bench stream [MB]   a stream of newline-delimited JSON, 1,000 MB of it with a worker for each core, a quarter with one
  bench hostile [--no-build]  10,000 requests changed at random, 1,000,000 lines, one in 100 hostile, and 1,000,000 calls
  bench middleware [REQUESTS]  Express and Fastify under load, 10,000 requests, 50 at once
  bench peers [--no-build]  by the cases that the alternatives were measured with, where they are at hand
  bench serve [REQUESTS]  the HTTP service under load, 20,000 requests, 50 at once, hostile ones among them
  release [--publishable]  build and check everything that would be published, into target/release-files
  bench terminology [--no-build] [--concepts N]
                      make a release of SNOMED CT of a million made-up concepts and measure the pack, natively, in Node and
                      in Chromium
  supply              where everything that this is built of comes from, and under which licences; what npm audit knows
  size [--bless]      measure sizes and times, and compare the sizes with sizes.tsv (--bless records them)
  terminology-server [--bless]  have a real terminology server asked by the package: tests/terminology-server.txt
  visibility [--peers] [--bless]      change each value of 200 resources: it must be seen; --peers measures others too
  mutants [NUMBER] [PART…]  put small faults into the core, 40 for each part: the native tests must find them
  narratives [--reference] [--bless]  validate every narrative we make; --reference asks HAPI FHIR too
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let arguments: Vec<String> = arguments.collect();
    let done = match command.as_str() {
        "profiles" => profiles::run(&arguments),
        "packs" => packs::run(&arguments),
        "demo" => demo::run(&arguments),
        "test" => test::run(&arguments),
        "pkg" => package::run(&arguments),
        "www" => www::run(&arguments),
        "docs" => docs::run(&arguments),
        "fuzz" => fuzz::run(&arguments),
        "agreement" => agreement::run(&arguments),
        "attested" => attested::run(&arguments),
        "python" => python::run(&arguments),
        "bench" => bench::run(&arguments),
        "size" => size::run(&arguments),
        "supply" => supply::run(&arguments),
        "release" => release::run(&arguments),
        "terminology-server" => terminology_server::run(&arguments),
        "visibility" => visibility::run(&arguments),
        "mutants" => mutants::run(&arguments),
        "narratives" => narratives::run(&arguments),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(anyhow::anyhow!("there is no command '{command}'. `cargo xtask` lists them")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
