/** @module `paceline completion`: the script is valid in its shell, and completes commands, options and values. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { helpOf } from './help.ts';
import { paceline } from './paceline.ts';

/** What bash completes after `words`, the last of which is begun. */
function completedBy(script: string, words: readonly string[]): readonly string[] {
  const quoted = ['paceline', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `${script}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _paceline; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', ask], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

describe('paceline completion', () => {
  it('completes commands and options in bash', async () => {
    const { code, stdout: script } = await paceline('completion', 'bash');
    expect(code).toBe(0);
    expect(completedBy(script, ['r'])).toEqual(['run', 'report', 'record']);
    expect(completedBy(script, ['balancer', ''])).toEqual(['lint', 'render', '--help']);
    expect(completedBy(script, ['run', 'profile.yaml', '--re'])).toEqual(['--repetitions']);
    expect(completedBy(script, ['balancer', 'lint', '--ki'])).toEqual(['--kind']);
    expect(completedBy(script, ['completion', 'z'])).toEqual(['zsh']);
    for (const command of [['run'], ['fleet'], ['balancer', 'render']])
      expect(completedBy(script, [...command, '--'])).toEqual(
        expect.arrayContaining(helpOf(command).options.filter((option) => option !== '--version')),
      );
  });

  it('has a script for zsh and fish too, and for no other shell', async () => {
    expect((await paceline('completion', 'zsh')).stdout).toMatch(/^#compdef paceline\n/);
    expect((await paceline('completion', 'fish')).stdout).toContain(
      "complete -c paceline -n '__fish_seen_subcommand_from run' -l set -d",
    );
    expect((await paceline('completion', 'tcsh')).code).toBe(2);
  });
});
