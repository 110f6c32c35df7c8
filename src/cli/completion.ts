/** @module `paceline completion SHELL`: prints a script that completes commands and options, made from the command line's own definition. */
import type { Command } from 'commander';
import { EXIT } from './exit.ts';
import type { Shell } from './shells.ts';
import { openTerminal } from './terminal.ts';

/** A command as words after `paceline` (none: the program itself), and what may follow it. */
interface Completed {
  readonly words: readonly string[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  /** Values that its arguments may have, where these are a closed list. */
  readonly choices: readonly string[];
  readonly options: readonly { readonly flag: string; readonly description: string }[];
}

/** Prints the script for `shell`; resolves with the exit code. */
export async function completion(program: Command, shell: Shell): Promise<number> {
  await openTerminal({ quiet: true, data: true }).print(completionScript(program, shell));
  return EXIT.pass;
}

/** The script that completes `program` in `shell`. Where no command or option fits, the shell completes file names. */
function completionScript(program: Command, shell: Shell): string {
  return SCRIPTS[shell](program.name(), completedOf(program, []));
}

const SCRIPTS: Readonly<Record<Shell, (name: string, all: readonly Completed[]) => string>> = {
  bash: (name, all) => `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="" found=""
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command \${COMP_WORDS[i]}" in
${commandsOf(all)
  .map((words) => `      "${['', ...words].join(' ')}") command="${['', ...words].join(' ')}" ;;`)
  .join('\n')}
    esac
  done
  case "$command" in
${all.map((one) => `    "${['', ...one.words].join(' ').trimEnd()}") found="${wordsOf(one).join(' ')}" ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$found" -- "$word"))
}
complete -o default -F _${name} ${name}
`,
  zsh: (name, all) => `#compdef ${name}
# zsh completion of ${name}: source <(${name} completion zsh)
autoload -U +X bashcompinit && bashcompinit
${SCRIPTS.bash(name, all)}`,
  fish: (name, all) => `# fish completion of ${name}: ${name} completion fish | source
${all.flatMap((one) => fishLines(name, one)).join('\n')}
`,
};

function completedOf(command: Command, words: readonly string[]): readonly Completed[] {
  const shown = command.commands.filter((one) => one.name() !== 'help');
  const help = command.createHelp();
  const own: Completed = {
    words,
    commands: shown.map((one) => ({ name: one.name(), description: one.description() })),
    choices: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    options: help
      .visibleOptions(command)
      .flatMap(({ long, description }) => (long ? [{ flag: long, description }] : [])),
  };
  return [own, ...shown.flatMap((one) => completedOf(one, [...words, one.name()]))];
}

const commandsOf = (all: readonly Completed[]): readonly (readonly string[])[] =>
  all.flatMap(({ words }) => (words.length === 0 ? [] : [words]));

const wordsOf = ({ commands, options, choices }: Completed): readonly string[] => [
  ...commands.map(({ name }) => name),
  ...choices,
  ...options.map(({ flag }) => flag),
];

function fishLines(name: string, { words, commands, choices, options }: Completed): readonly string[] {
  const inside = words.map((word) => `__fish_seen_subcommand_from ${word}`);
  const without = commands.map((one) => one.name).join(' ');
  const outside = without === '' ? [] : [`not __fish_seen_subcommand_from ${without}`];
  const when = [...inside, ...outside].join('; and ');
  const condition = when === '' ? '' : ` -n '${when}'`;
  return [
    ...commands.map(
      (one) => `complete -c ${name}${condition} -f -a ${one.name} -d ${quoted(one.description)}`,
    ),
    ...choices.map((choice) => `complete -c ${name}${condition} -f -a ${choice}`),
    ...options.map(
      ({ flag, description }) =>
        `complete -c ${name}${condition} -l ${flag.slice(2)} -d ${quoted(description)}`,
    ),
  ];
}

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
