import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../units/user-error.ts';
import { formOf, type SideOptions } from './ab-sides.ts';

const problemOf = (options: SideOptions): string => {
  try {
    formOf(options, 'profile.yaml');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('was accepted');
};

describe('the sides of an A/B comparison', () => {
  it.each<[SideOptions, object]>([
    [
      { a: 'node a.js', b: 'node b.js' },
      { kind: 'commands', a: 'node a.js', b: 'node b.js', cwd: '.' },
    ],
    [
      { aRef: 'main', bRef: 'HEAD', build: 'npm ci' },
      { kind: 'revisions', a: 'main', b: 'HEAD' },
    ],
    [
      { aTarget: 'http://one/mcp', bTarget: 'http://two/mcp' },
      { kind: 'targets', a: 'http://one/mcp', b: 'http://two/mcp' },
    ],
  ])('of %j are %j', (options, form) => {
    expect(formOf(options, 'profile.yaml')).toEqual(form);
  });

  it('are commands that run where paceline was started, wherever the profile is', () => {
    const form = formOf({ a: 'x', b: 'y' }, join('profiles', 'deep', 'profile.yaml'));
    expect(form).toMatchObject({ cwd: '../..' });
    expect(resolve('profiles/deep', '../..')).toBe(process.cwd());
  });

  it.each<[SideOptions, string]>([
    [
      {},
      'paceline ab: has no sides; expected --a with --b, --a-ref with --b-ref or --a-target with --b-target',
    ],
    [{ a: 'x' }, '--b: is missing; expected both sides'],
    [{ bRef: 'HEAD' }, '--a-ref: is missing; expected both sides'],
    [
      { a: 'x', bTarget: 'http://two/mcp' },
      '--a and --b-target: cannot be combined: the sides differ in one thing only; expected --a with --b, --a-ref with --b-ref or --a-target with --b-target',
    ],
    [
      { a: 'x', b: 'y', build: 'make' },
      '--build: only revisions are built (give it with --a-ref and --b-ref)',
    ],
  ])('%j are refused: %s', (options, message) => {
    expect(problemOf(options)).toBe(message);
  });
});
