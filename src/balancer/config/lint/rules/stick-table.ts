/** @module Rule: an HAProxy stick table that cannot hold session ids, or forgets them too early. */
import { readDuration } from '../duration.ts';
import type { HaproxyConfig } from '../haproxy/config.ts';
import { type StickTable, sessionVariables, sticksOf, tableOf } from '../haproxy/stickiness.ts';
import type { Hit, Rule } from '../rule.ts';

/** A UUID, which the official servers mint, is this long. */
const UUID_LENGTH = 36;
/** HAProxy's key length when none is given. */
const DEFAULT_LENGTH = 32;
/** A session that rests for less than this should still be known. */
const LEAST_EXPIRY_MS = 600_000;

export const stickTable: Rule = {
  id: 'stick-table',
  severity: 'warning',
  why:
    'a longer id is cut before it is stored: ids that begin alike, such as tokens with a common header, become one entry, ' +
    'and their sessions one instance’s',
  checks: { haproxy },
};

function haproxy(config: HaproxyConfig): readonly Hit[] {
  const variables = sessionVariables(config);
  const names = new Set(
    config.backends.flatMap((proxy) => sticksOf(proxy, variables).map(({ table }) => table)),
  );
  return [...names].flatMap((name) => {
    const table = tableOf(name, config);
    return table ? [...keyFaults(table), ...expiryFaults(table)] : [];
  });
}

const after = ({ words }: StickTable, keyword: string): string | undefined => {
  const at = words.indexOf(keyword);
  return at < 0 ? undefined : words[at + 1];
};

function keyFaults(table: StickTable): readonly Hit[] {
  const { at } = table;
  const type = after(table, 'type');
  const fix = 'type string len 128';
  if (type !== 'string' && type !== 'binary') {
    const why =
      'an id that is no number or address cannot be converted to the key, so it is neither stored nor found';
    return [{ at, severity: 'error', what: `the table’s keys are of type ${type ?? 'none'}`, why, fix }];
  }
  const given = after(table, 'len');
  const length = Number(given ?? DEFAULT_LENGTH);
  if (Number.isNaN(length) || length >= UUID_LENGTH) return [];
  const what =
    given === undefined
      ? `the table has no len and keeps ${DEFAULT_LENGTH} characters of an id; a UUID has ${UUID_LENGTH}`
      : `the table keeps ${length} characters of an id; a UUID has ${UUID_LENGTH}`;
  return [{ at, what, fix }];
}

function expiryFaults(table: StickTable): readonly Hit[] {
  const expire = after(table, 'expire');
  const ms = readDuration(expire ?? '', 1);
  if (ms === undefined || ms >= LEAST_EXPIRY_MS) return [];
  const why =
    'an entry lives from the last request, not while a stream is open: a session that only listens, or whose user thinks, loses its owner';
  return [
    {
      at: table.at,
      what: `the table forgets a session ${expire} after its last request`,
      why,
      fix: 'expire 30m or more',
    },
  ];
}
