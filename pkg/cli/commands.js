// The one table of commands and their options. Arguments are understood by it, and help and completion are made of it.
//
// A command has
//   name, and `arguments`, what it takes besides options, as help shows it
//   summary   what it does, in a line of the help; `about`, where there is more to say
//   options   by name, each with
//               value     what its value is called, in capitals; without it the option is a flag
//               choices   the values there are, where they are few; each may have a description
//               many      whether it may be given several times; its values are then an array
//               help      what it does
//               files     whether its value is a path, for completion
//               number    the least and the most, where its value is a whole number
//               default   what it is without being said, where a program needs to know; in the configuration and the
//                         environment too, for a command that takes its options from there (`settings`)
//             An option that two commands share takes a value in both or in neither.
//   settings  the section of the configuration that its options may stand in; the environment has them as CARECONNECT_NAME
//   examples  for its own help
//   load      imports its module, whose run(positionals, values) does it and gives back the exit status

import { packs } from "../packs.js";

const PACKS = {
  value: "A,B",
  list: ["all", ...packs],
  help: "the definitions to use: names, paths or URLs of packs, or all; without it those that the resources need",
};

const CONFIG = {
  config: { value: "FILE", files: true, help: "the configuration (the default is the nearest careconnect.config.json, here or above)" },
  "no-config": { help: "use no configuration file" },
};

const DEFINITIONS = {
  value: "WHAT",
  many: true,
  files: true,
  help:
    "definitions of your own, on top of the packs: a file, a folder (its *.json and *.xml) or a FHIR package (*.tgz); " +
    "may be given several times. What is wrong with them is reported first, as for any file",
};

const FORMATS = {
  text: "for people",
  json: "an array, one report for each resource",
  ndjson: 'one line for each resource: {"file": …, "issues": […], …}',
  outcome: "a FHIR OperationOutcome; for several resources one a line",
  sarif: "SARIF 2.1.0, which code hosts show beside the source",
  junit: "JUnit XML, which build servers read",
  github: "annotations, as GitHub Actions shows them on a pull request",
  html: "a page for people who do not program, and as evidence of what was checked and how",
};
const UNKNOWN_EXTENSIONS = { information: "allowed, and not checked (the default)", error: "an error" };
const FHIR_VERSIONS = { "3.0": "STU3, which CareConnect is", "4.0": "R4, which UK Core is" };

export const commands = [
  {
    name: "validate",
    arguments: "FILE…",
    summary: "what is wrong with resources, in JSON or XML",
    about:
      "A FILE is a resource, NDJSON (*.ndjson, *.jsonl: a resource a line), an archive (*.zip, *.tgz, *.tar, *.gz), a folder " +
      "(what of these but archives is below it), a pattern such as 'data/**/*.xml', or - for standard input.",
    options: {
      profile: { value: "URL", many: true, help: "check against this profile too; may be given several times" },
      "profile-for": {
        value: "TYPE=URL",
        many: true,
        help: "check every resource of a type against this profile too, also those in a Bundle; may be given several times",
      },
      format: {
        value: "FORMAT",
        choices: FORMATS,
        help: "how the findings are written (the default is text, and in GitHub Actions github)",
      },
      output: {
        short: "o",
        value: "FORMAT=FILE",
        many: true,
        files: true,
        help: "write them to a file too, in one of these formats; may be given several times",
      },
      fix: { help: "put right what can be put right with certainty, in the files themselves; what is then left is reported" },
      "dry-run": { help: "with --fix: change no file, and print what would change as a unified diff" },
      baseline: { value: "FILE", files: true, help: "report only what is not recorded in this file" },
      "write-baseline": { value: "FILE", files: true, help: "record everything that is found now, to report from now on only what is new" },
      "max-issues": { value: "N", help: "show so many issues and count the rest; the exit status stays that of all" },
      statistics: { help: "say at the end how often each rule was broken, and in how many resources" },
      timing: { help: "say on standard error how long it took, as is done at a terminal" },
      exclude: {
        value: "PATTERN",
        many: true,
        help:
          "leave out files and folders that match, such as 'drafts/**' or '*.draft.json' (a pattern without a slash is for " +
          "names, wherever they are); may be given several times",
      },
      severity: {
        value: "LEVEL",
        choices: { error: "errors only", warning: "errors and warnings", information: "everything (the default)" },
        help: "the least severe issues to show",
      },
      "fail-on": {
        value: "LEVEL",
        choices: {
          error: "errors (the default)",
          unchecked: "errors, and what was not fully checked",
          warning: "errors and warnings",
          information: "anything found",
          never: "nothing that is found",
        },
        help: "what makes the exit status 1, whether it is shown or not",
      },
      ignore: { value: "RULE", many: true, help: "leave a rule out; several with commas, or given several times" },
      today: { value: "DAY", help: "the day to judge by, for example 2026-02-28; without it nothing is in the future" },
      "fhir-version": {
        value: "RELEASE",
        choices: FHIR_VERSIONS,
        help: "the release of FHIR that resources are of, where they do not say so",
      },
      "unknown-extensions": {
        value: "LEVEL",
        choices: UNKNOWN_EXTENSIONS,
        help: "how bad an extension is that no definition describes",
      },
      workflow: { value: "ID", help: "the MESH workflow id that messages were sent with, which goes with their event" },
      "test-numbers": { help: "report NHS numbers of the range set aside for tests (999…)" },
      "files-from": {
        value: "LIST",
        files: true,
        help:
          "read the paths from the file LIST (- is standard input), one a line; a TAB and profiles, separated by commas, " +
          "may follow a path",
      },
      redact: {
        help: "quote nothing of what a resource holds: say which rule is broken where, in the rule's own words",
      },
      jobs: { value: "N", help: "check with so many threads at once (the default is 1); for many resources" },
      watch: { help: "check again whatever changes, until interrupted" },
      quiet: { short: "q", help: "in text, name no resource that has no issues" },
      packs: PACKS,
      definitions: DEFINITIONS,
      ...CONFIG,
    },
    examples: [
      "careconnect validate patient.json bundle.xml --packs all",
      "careconnect validate examples --severity warning --watch",
      "careconnect validate export.ndjson --format ndjson > reports.ndjson",
      "careconnect validate . --output sarif=careconnect.sarif --output html=report.html",
      "careconnect validate examples --fix --dry-run",
      "careconnect validate . --write-baseline careconnect.baseline.json",
    ],
    load: () => import("./validate.js"),
  },
  {
    name: "render",
    arguments: "FILE",
    summary: "a resource as a person reads it",
    options: {
      as: {
        value: "FORM",
        choices: {
          narrative: "the XHTML of Resource.text (the default)",
          fragment: "HTML for a shadow root",
          page: "a whole HTML page",
          text: "plain text",
          markdown: "Markdown",
          model: "the display model, in JSON",
          coverage: "where each value ended, in JSON",
        },
        help: "what to make",
      },
      view: {
        value: "VIEW",
        choices: {
          auto: "by what it is (the default)",
          record: "a patient's record by clinical area",
          letter: "a document as a letter",
          entries: "in the order of the file",
        },
        help: "how a Bundle is laid out",
      },
      trends: { help: "pictures of results over time in the page of a record" },
      audience: {
        value: "WHO",
        choices: { clinical: "clinicians (the default)", patient: "patients" },
        help: "for whom it is",
      },
      mode: {
        value: "MODE",
        choices: {
          summary: "the warnings and one line; of a record what must be known first",
          brief: "for print: all that is read, without technical details",
          standard: "all but technical details (the default)",
          full: "everything",
          diff: "what is different from the older version, --against",
        },
        help: "how much is shown",
      },
      against: { value: "FILE", help: "for --mode diff, the older version" },
      language: { value: "TAG", choices: { "en-GB": "British English (the default)", cy: "Welsh" }, help: "of labels" },
      "as-of": { value: "DAY", help: "the day for which ages are given, for example 2026-02-28" },
      packs: PACKS,
      definitions: DEFINITIONS,
      ...CONFIG,
    },
    examples: ["careconnect render patient.json --as text"],
    load: () => import("./render.js"),
  },
  {
    name: "redact",
    arguments: "FILE…",
    summary: "a copy of resources without personal data and with the same faults, to show to others",
    about:
      "A FILE is what validate takes, but for archives. Names, numbers, dates and identifiers get others of the same shape; free " +
      "text is masked. Look at the copy before you send it.",
    options: {
      key: { value: "TEXT", help: "a secret of your own: the same gives the same copy (without it, each call gives another)" },
      output: { short: "o", value: "WHERE", files: true, help: "the file to write, or for several the folder (the default is standard output)" },
      packs: PACKS,
      definitions: DEFINITIONS,
      ...CONFIG,
    },
    examples: ["careconnect redact bundle.json > copy.json", "careconnect redact records --key \"$SECRET\" -o copies"],
    load: () => import("./redact-copy.js"),
  },
  {
    name: "terminology",
    arguments: "snomed|dmd PATH…",
    summary: "makes a pack of your own release of SNOMED CT (RF2) or dm+d (XML), to check codes by",
    options: {
      output: { short: "o", value: "FILE", files: true, help: "the pack to write" },
    },
    examples: [
      "careconnect terminology snomed uk_sct2mo_41.0.0 -o snomed.pack",
      "careconnect terminology dmd nhsbsa_dmd_4.2.0 -o dmd.pack",
      "careconnect validate bundle.xml --packs stu3,careconnect,./snomed.pack,./dmd.pack",
    ],
    load: () => import("./terminology.js"),
  },
  {
    name: "view",
    arguments: "VIEW FILE…",
    summary: "a flat table of resources, by a ViewDefinition of SQL on FHIR",
    about:
      "VIEW is the ViewDefinition, in JSON. A FILE is what validate takes: NDJSON, folders, archives. A resource that makes no rows " +
      "because of a fault is said on standard error, and the exit status is then 1; the rows of the others are written.",
    options: {
      format: {
        value: "FORMAT",
        choices: { csv: "comma-separated values, with a line of names (the default)", ndjson: "an object a line" },
        help: "how the rows are written",
      },
      today: { value: "DAY", help: "the day that today() is, for example 2026-02-28" },
      packs: PACKS,
      definitions: DEFINITIONS,
      ...CONFIG,
    },
    examples: ["careconnect view patients.view.json export.ndjson > patients.csv", "careconnect view view.json export --format ndjson"],
    load: () => import("./view.js"),
  },
  {
    name: "fhirpath",
    arguments: "EXPRESSION FILE…",
    summary: "what a FHIRPath expression gives on resources",
    about: "A FILE is what validate takes.",
    options: {
      format: {
        value: "FORMAT",
        choices: {
          text: "for people (the default)",
          values: "the values alone, one a line",
          json: "an array, with types and places",
          ndjson: "the same, a line for each resource",
        },
        help: "how the results are written",
      },
      today: { value: "DAY", help: "the day that today() is, for example 2026-02-28" },
      packs: PACKS,
      definitions: DEFINITIONS,
      ...CONFIG,
    },
    examples: [
      "careconnect fhirpath \"name.where(use = 'official').family\" patient.json",
      'careconnect fhirpath "entry.resource.ofType(Patient).id" bundles --format values',
    ],
    load: () => import("./fhirpath.js"),
  },
  {
    name: "profile",
    arguments: "PROFILE",
    summary: "what a profile or type says, as a tree; with --diff A B, where two differ",
    about: "A PROFILE is named by its URL, the end of its URL, or its name; |version may follow. All packs are loaded unless --packs says otherwise.",
    options: {
      diff: { help: "compare two profiles" },
      format: { value: "FORMAT", choices: { text: "for people (the default)", json: "as data" }, help: "how it is written" },
      packs: PACKS,
      definitions: DEFINITIONS,
      ...CONFIG,
    },
    examples: [
      "careconnect profile CareConnect-Patient-1",
      "careconnect profile --diff CareConnect-Patient-1 CareConnect-GPC-Patient-1",
      "careconnect profile my-profile --definitions profiles",
    ],
    load: () => import("./profile.js"),
  },
  {
    name: "types",
    arguments: "[PROFILE…]",
    summary: "types for TypeScript, of resources of a profile",
    about:
      "One file with an interface for each profile and for what it is made of: cardinalities, choices, fixed values, and the codes of " +
      "required value sets. A PROFILE is named as for profile.",
    options: {
      profile: { value: "URL", many: true, help: "a profile, as the argument; may be given several times" },
      output: { short: "o", value: "FILE", files: true, help: "the file to write (the default is standard output)" },
      packs: PACKS,
      definitions: DEFINITIONS,
      ...CONFIG,
    },
    examples: ["careconnect types --profile CareConnect-Patient-1 -o src/fhir.d.ts"],
    load: () => import("./types.js"),
  },
  {
    name: "lsp",
    arguments: "",
    summary: "the language server, for editors: it speaks with them over standard input and output",
    about:
      "The configuration is that of the folder that the editor has open. docs/editors.md says how editors are told of it.",
    options: {
      stdio: { help: "as editors ask for it; there is no other way" },
      clientProcessId: { value: "PID", help: "the editor's process, as some say it; it is looked after as the protocol has it" },
      packs: PACKS,
      definitions: DEFINITIONS,
      ...CONFIG,
    },
    examples: ["careconnect lsp --stdio"],
    load: () => import("./lsp.js"),
  },
  {
    name: "serve",
    arguments: "",
    summary: "FHIR's $validate, and $render, as an HTTP service on this computer",
    about:
      "Each option may also stand in the environment (CARECONNECT_PORT) and in the configuration, under \"serve\" (\"port\"); the " +
      "command line is over the environment, and that over the configuration. Times are in milliseconds, sizes in bytes.",
    settings: "serve",
    options: {
      host: { value: "ADDRESS", default: "127.0.0.1", help: "the address to listen on; what is not this computer's own must be guarded by something else" },
      port: { value: "N", number: [0, 65535], default: 8080, help: "the port (the default is 8080; 0 is any free one)" },
      threads: { value: "N", number: [1, 256], help: "how many threads work (the default is as many as the machine runs at once, at most 4)" },
      queue: { value: "N", number: [0, 100_000], default: 100, help: "how many requests may wait; more are answered with 503 (100)" },
      "per-client": { value: "N", number: [0, 100_000], default: 0, help: "how many requests at once one address may have; more are answered with 429 (0: any number)" },
      connections: { value: "N", number: [1, 100_000], default: 1000, help: "how many connections there may be (1000)" },
      "max-body": { value: "N", number: [1, 1_000_000_000], default: 10 * 1024 * 1024, help: "the longest body, in bytes after decompression (10485760)" },
      "body-timeout": { value: "N", number: [1, 3_600_000], default: 10_000, help: "how long a body may take to arrive (10000)" },
      timeout: { value: "N", number: [1, 3_600_000], default: 30_000, help: "how long a request may take, with the time that it waits (30000)" },
      grace: { value: "N", number: [0, 3_600_000], default: 30_000, help: "how long what is under way may take when the service is stopped (30000)" },
      playground: { value: "FOLDER", files: true, help: "have the playground, built in this folder, at /" },
      profile: { value: "URL", many: true, help: "check everything against this profile too; may be given several times" },
      "unknown-extensions": { value: "LEVEL", choices: UNKNOWN_EXTENSIONS, help: "how bad an extension is that no definition describes" },
      "test-numbers": { help: "report NHS numbers of the range set aside for tests (999…)" },
      quiet: { short: "q", help: "log no single requests, only starts, stops and failures" },
      packs: PACKS,
      definitions: DEFINITIONS,
      ...CONFIG,
    },
    examples: ["careconnect serve", "careconnect serve --port 0 --packs all --threads 4", "CARECONNECT_PORT=9000 careconnect serve --quiet"],
    load: () => import("./serve.js"),
  },
  {
    name: "packs",
    arguments: "[NAME…]",
    summary: "the packs that come with the package, what is in them, and what is missing",
    options: { format: { value: "FORMAT", choices: { text: "for people (the default)", json: "as data" }, help: "how it is written" } },
    examples: ["careconnect packs", "careconnect packs gpconnect"],
    load: () => import("./packs.js"),
  },
  {
    name: "completion",
    arguments: "SHELL",
    summary: "the script by which a shell completes what is typed",
    about: "SHELL is bash, zsh, fish or powershell.",
    options: {},
    examples: [
      "bash        source <(careconnect completion bash)",
      'zsh         careconnect completion zsh > "${fpath[1]}/_careconnect"',
      "fish        careconnect completion fish > ~/.config/fish/completions/careconnect.fish",
      "powershell  careconnect completion powershell | Out-String | Invoke-Expression",
    ],
    load: () => import("./completion.js"),
  },
];

/** The options that need no command. */
export const common = {
  explain: { value: "RULE", help: "what a rule is about, with an example that breaks it and the example put right; all lists the rules" },
  help: { short: "h", help: "show this help" },
  version: { help: "show the version" },
};
