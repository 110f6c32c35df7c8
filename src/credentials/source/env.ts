/** @module Source `env`: a token in a variable of the environment. */
import { givenToken } from '../given-token.ts';
import { type OpenSource, type SourceContext, type SourceOf, supplied } from './source.ts';
import { variable } from './variable.ts';

export function envSource({ name }: SourceOf<'env'>, context: SourceContext): OpenSource {
  const from = `the environment variable ${name}`;
  return {
    perAgent: false,
    renews: false,
    supply: async () => supplied(givenToken(variable(name, context), context.where, from)),
  };
}
