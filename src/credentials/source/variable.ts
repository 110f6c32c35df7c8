/** @module Variables of the environment that hold credentials. */
import { UserError } from '../../units/user-error.ts';
import type { SourceContext } from './source.ts';

/** The value of the variable `name`. Throws a `UserError` when it is not set or empty. */
export function variable(
  name: string,
  { where, environment }: Pick<SourceContext, 'where' | 'environment'>,
): string {
  const value = environment[name];
  if (value !== undefined && value.trim() !== '') return value;
  const state = value === undefined ? 'not set' : 'empty';
  throw new UserError({ where, what: `the environment variable ${name} is ${state}`, todo: 'set it' });
}
