/** @module Rule: HAProxy sticks to a session's id without learning it from the answer that mints it, or learns without looking it up. */
import type { HaproxyConfig } from '../haproxy/config.ts';
import { isLookup, sessionVariables, sticksOf } from '../haproxy/stickiness.ts';
import type { Hit, Rule } from '../rule.ts';

export const stickWithoutLearning: Rule = {
  id: 'stick-without-learning',
  severity: 'error',
  why:
    'the id is minted by the answer to initialize; a table that is filled from requests first hears of it when the next request has ' +
    'already been sent to another instance, and then remembers that wrong one',
  checks: { haproxy },
};

function haproxy(config: HaproxyConfig): readonly Hit[] {
  const variables = sessionVariables(config);
  return config.backends.flatMap((proxy) => {
    const sticks = sticksOf(proxy, variables);
    const learned = sticks.filter(({ verb }) => verb === 'store-response');
    const lookups = sticks.filter(isLookup);
    const blind = [...lookups, ...sticks.filter(({ verb }) => verb === 'store-request')].filter(
      (asked) => !learned.some((each) => each.table === asked.table && each.converters === asked.converters),
    );
    const unused = learned.filter(({ table, converters }) =>
      lookups.every((asked) => asked.table !== table || asked.converters !== converters),
    );
    return [
      ...blind.map(({ line: { at, words }, converters }) => ({
        at,
        what: `"${words.join(' ')}" looks up ids that nothing learned${learned.length > 0 ? ' in that form or table' : ''}`,
        fix: `stick match req.hdr(Mcp-Session-Id)${converters} and stick store-response res.hdr(Mcp-Session-Id)${converters}`,
      })),
      // A lookup in another form is told already.
      ...(lookups.length > 0 ? [] : unused).map(({ line: { at, words }, converters }) => ({
        at,
        what: `"${words.join(' ')}" learns owners that nothing looks up`,
        why: 'the table fills, but every request is balanced as if it had no session, so most of them miss their owner',
        fix: `add stick match req.hdr(Mcp-Session-Id)${converters}`,
      })),
    ];
  });
}
