/** @module Rule: HAProxy looks up session ids that it does not learn from the answer that creates them, or learns ids that it does not look up. */
import type { HaproxyConfig } from '../haproxy/config.ts';
import { isLookup, sessionVariables, sticksOf } from '../haproxy/stickiness.ts';
import type { Hit, Rule } from '../rule.ts';

export const stickWithoutLearning: Rule = {
  id: 'stick-without-learning',
  severity: 'error',
  why:
    'the answer to initialize creates the id; a table that is filled from requests stores it only when the next request has already been ' +
    'sent to another instance, and keeps that wrong instance',
  checks: { haproxy },
};

function haproxy(config: HaproxyConfig): readonly Hit[] {
  const variables = sessionVariables(config);
  return config.backends.flatMap((proxy) => {
    const sticks = sticksOf(proxy, variables);
    const learned = sticks.filter(({ verb }) => verb === 'store-response');
    const lookups = sticks.filter(isLookup);
    const unlearned = [...lookups, ...sticks.filter(({ verb }) => verb === 'store-request')].filter(
      (asked) => !learned.some((each) => each.table === asked.table && each.converters === asked.converters),
    );
    const unused = learned.filter(({ table, converters }) =>
      lookups.every((asked) => asked.table !== table || asked.converters !== converters),
    );
    return [
      ...unlearned.map(({ line: { at, words }, converters }) => ({
        at,
        what: `"${words.join(' ')}" looks up ids that are not learned${learned.length > 0 ? ' in that form or table' : ''}`,
        fix: `stick match req.hdr(Mcp-Session-Id)${converters} and stick store-response res.hdr(Mcp-Session-Id)${converters}`,
      })),
      // A lookup in another form is reported above.
      ...(lookups.length > 0 ? [] : unused).map(({ line: { at, words }, converters }) => ({
        at,
        what: `"${words.join(' ')}" learns owners that are never looked up`,
        why: 'the table fills, but every request is balanced as if it had no session, so most requests miss their owner',
        fix: `add stick match req.hdr(Mcp-Session-Id)${converters}`,
      })),
    ];
  });
}
