// `careconnect completion`: scripts by which shells complete what is typed, made of the table of commands.

import { packs } from "../packs.js";
import { commands, common } from "./commands.js";
import { Failure, nearest, write } from "./output.js";

const SHELLS = { bash, zsh, fish, powershell };

export async function run(names) {
  const [shell] = names;
  const known = Object.keys(SHELLS);
  if (names.length !== 1) throw new Failure(`Name one shell: ${known.join(", ")}.`);
  if (!Object.hasOwn(SHELLS, shell)) throw new Failure(`There is no completion for '${shell}'.${nearest(shell, known)} There is: ${known.join(", ")}.`);
  await write(SHELLS[shell]());
}

/** A command's options: name, help, the values there are (undefined where there is no list), whether it takes one, and a path. */
function optionsOf(command) {
  return Object.entries({ ...command?.options, ...common }).map(([name, { value, choices, list, files, help }]) => {
    const values = choices ? Object.keys(choices) : list;
    return { name, help: help.split(/[:;.(]/)[0].trim(), values, takes: Boolean(value), files: Boolean(files) };
  });
}

/** What a command's arguments can be, where that is known. */
const argumentsOf = ({ name }) => ({ completion: Object.keys(SHELLS), packs })[name];
const names = commands.map(({ name }) => name);

function bash() {
  const cases = commands.map((command) => {
    const options = optionsOf(command);
    const values = options.filter(({ values }) => values).map(({ name, values }) => `      ${command.name}:--${name}) words="${values.join(" ")}" ;;\n`);
    const paths = options.filter(({ takes, values }) => takes && !values).map(({ name }) => `${command.name}:--${name}`);
    return { command, options, values, paths };
  });
  return `# careconnect: completion for bash
_careconnect() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command= words= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "$word" in ${names.join("|")}) command="$word"; break ;; esac
  done
  COMPREPLY=()
  if [ -z "$command" ]; then
    words="${[...names, ...optionsOf().map(({ name }) => `--${name}`)].join(" ")}"
  else
    case "$command:$previous" in
${cases.flatMap(({ values }) => values).join("")}      ${cases.flatMap(({ paths }) => paths).join("|")}) COMPREPLY=($(compgen -f -- "$current")); return ;;
    esac
    if [ -z "$words" ]; then
      case "$command:$current" in
${cases.map(({ command, options }) => `        ${command.name}:-*) words="${options.map(({ name }) => `--${name}`).join(" ")}" ;;\n`).join("")}${commands
    .filter(argumentsOf)
    .map((command) => `        ${command.name}:*) words="${argumentsOf(command).join(" ")}" ;;\n`)
    .join("")}        *) COMPREPLY=($(compgen -f -- "$current")); return ;;
      esac
    fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _careconnect careconnect
`;
}

function zsh() {
  const quoted = (text) => text.replaceAll("'", "'\\''").replaceAll("[", "\\[").replaceAll("]", "\\]").replaceAll(":", "\\:");
  const spec = ({ name, help, values, takes, files }) => {
    const value = !takes ? "" : values ? `:value:(${values.join(" ")})` : files ? ":file:_files" : ":value:";
    return `'*--${name}[${quoted(help)}]${value}'`;
  };
  const each = commands.map((command) => {
    const words = argumentsOf(command);
    const specs = [...optionsOf(command).map(spec), words ? `'*:argument:(${words.join(" ")})'` : "'*:file:_files'"];
    return `    ${command.name}) _arguments ${specs.join(" \\\n      ")} ;;\n`;
  });
  return `#compdef careconnect
# careconnect: completion for zsh
_careconnect() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map(({ name, summary }) => `'${name}:${quoted(summary)}'`).join(" ")})
    _describe command commands
    _arguments ${optionsOf().map(spec).join(" ")}
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${each.join("")}  esac
}
if [ "$funcstack[1]" = _careconnect ]; then _careconnect "$@"; else compdef _careconnect careconnect; fi
`;
}

function fish() {
  const quoted = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const line = (condition, { name, help, values, takes, files }) => {
    const value = !takes ? "" : values ? ` -x -a ${quoted(values.join(" "))}` : files ? " -r -F" : " -x";
    return `complete -c careconnect${condition} -l ${name}${value} -d ${quoted(help)}\n`;
  };
  const each = commands.flatMap((command) => {
    const own = ` -n '__fish_seen_subcommand_from ${command.name}'`;
    const words = argumentsOf(command);
    return [
      `complete -c careconnect -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}\n`,
      ...(words ? [`complete -c careconnect${own} -f -a ${quoted(words.join(" "))}\n`] : []),
      ...optionsOf(command)
        .filter(({ name }) => !Object.hasOwn(common, name))
        .map((option) => line(own, option)),
    ];
  });
  return `# careconnect: completion for fish\n${each.join("")}${optionsOf().map((option) => line("", option)).join("")}`;
}

function powershell() {
  const list = (words) => `@(${words.map((word) => `'${word}'`).join(", ")})`;
  const each = commands.map((command) => {
    const options = optionsOf(command);
    const values = options.filter(({ values }) => values).map(({ name, values }) => `      '--${name}' = ${list(values)}\n`);
    const words = [...options.map(({ name }) => `--${name}`), ...(argumentsOf(command) ?? [])];
    return `    '${command.name}' = @{ Words = ${list(words)}; Values = @{\n${values.join("")}    } }\n`;
  });
  return `# careconnect: completion for PowerShell
Register-ArgumentCompleter -Native -CommandName careconnect -ScriptBlock {
  param($word, $ast, $position)
  $commands = @{
${each.join("")}  }
  $typed = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  $command = $typed | Where-Object { $commands.ContainsKey($_) } | Select-Object -First 1
  $words = ${list([...names, ...optionsOf().map(({ name }) => `--${name}`)])}
  if ($command) {
    $words = $commands[$command].Words
    if ($commands[$command].Values.ContainsKey($typed[-1])) { $words = $commands[$command].Values[$typed[-1]] }
  }
  $words | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
