//! The build pipeline, the same on a laptop and in CI: `cargo xtask` alone lists the commands.

mod profiles;

use std::process::ExitCode;

const HELP: &str = "cargo xtask COMMAND

  profiles SOURCE…    import definitions (FHIR packages: .tgz or directories) into profiles/, facts only
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let arguments: Vec<String> = arguments.collect();
    let done = match command.as_str() {
        "profiles" => profiles::run(&arguments),
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
