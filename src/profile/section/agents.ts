/** @module The key `agents`: what agents do as clients, beyond their calls. */
import type { z } from 'zod';
import { variantSection } from './section.ts';
import { choice, mapping } from './values.ts';

const COOKIES = ['keep', 'drop'] as const;
/** What agents do about cookies. */
export type CookieSetting = (typeof COOKIES)[number];

const Agents = mapping({
  cookies: choice(COOKIES)
    .default('keep')
    .describe(
      'What agents do about the cookies of a server or balancer: `keep`, send them back with every later request, each agent its own, as many clients do; `drop`, ignore them, as other clients do. Path and domain of a cookie are not looked at. A header `Cookie` in `target.headers` replaces them.',
    ),
});

export const agents = variantSection({
  schema: Agents.prefault({}).describe('What agents do as clients.'),
  complete: ({
    cookies,
  }: z.output<typeof Agents>): { readonly agents: { readonly cookies: CookieSetting } } => ({
    agents: { cookies },
  }),
});
