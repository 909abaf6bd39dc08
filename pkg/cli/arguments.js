// Arguments, understood by the table of commands.

import { parseArgs } from "node:util";
import { commands, common } from "./commands.js";
import { Failure, nearest } from "./output.js";

/** The command called, what it is called with, and its options' values by name. */
export function understand(argv) {
  const all = Object.assign({}, ...commands.map(({ options }) => options), common);
  const types = Object.entries(all).map(([name, { value, short }]) => [
    name,
    { type: value ? "string" : "boolean", ...(short && { short }) },
  ]);
  const { tokens } = parseArgs({ args: argv, options: Object.fromEntries(types), tokens: true, strict: false, allowPositionals: true });
  const [name, ...positionals] = tokens.filter(({ kind }) => kind === "positional").map(({ value }) => value);
  const command = commands.find((command) => command.name === name);
  if (name !== undefined && !command) {
    const known = commands.map(({ name }) => name);
    throw new Failure(`There is no command '${name}'.${nearest(name, known)} The commands are: ${known.join(", ")}.`);
  }
  const own = { ...command?.options, ...common };
  const values = {};
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(own, token.name) && own[token.name];
    if (!option) throw new Failure(noOption(token, all, command));
    const value = valueOf(token, option);
    if (option.many) (values[token.name] ??= []).push(value);
    else values[token.name] = value;
  }
  return { command, positionals, values };
}

function noOption({ name, rawName }, all, command) {
  if (Object.hasOwn(all, name) && command) return `'${command.name}' has no option --${name}.`;
  const known = Object.keys(command ? { ...command.options, ...common } : all).map((name) => `--${name}`);
  return `Unknown option '${rawName}'.${nearest(rawName, known)}`;
}

function valueOf({ rawName, value, inlineValue }, option) {
  if (!option.value) {
    if (value !== undefined) throw new Failure(`The option ${rawName} takes no value.`);
    return true;
  }
  // What looks like another option is rather a value forgotten; written after an equals sign it is meant.
  if (value === undefined || (!inlineValue && /^-./.test(value))) {
    throw new Failure(`The option ${rawName} needs a value: ${rawName} ${option.value}.`);
  }
  const choices = option.choices && Object.keys(option.choices);
  if (choices && !choices.includes(value)) {
    throw new Failure(`The option ${rawName} cannot be '${value}'.${nearest(value, choices)} It is one of: ${choices.join(", ")}.`);
  }
  return value;
}
