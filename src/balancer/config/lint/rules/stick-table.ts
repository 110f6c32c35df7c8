/** @module Rule: an HAProxy stick table that cannot hold session ids, or whose entries expire too early. */
import { readDuration } from '../duration.ts';
import type { HaproxyConfig } from '../haproxy/config.ts';
import { type StickTable, sessionVariables, sticksOf, tableOf } from '../haproxy/stickiness.ts';
import type { Hit, Rule } from '../rule.ts';

/** Length of a UUID, the form of the official servers' ids. */
const UUID_LENGTH = 36;
/** HAProxy's default key length. */
const DEFAULT_LENGTH = 32;
/** A session must stay in the table at least this long after its last request. */
const LEAST_EXPIRY_MS = 600_000;

export const stickTable: Rule = {
  id: 'stick-table',
  severity: 'warning',
  why:
    'a longer id is truncated before it is stored: ids with the same beginning, such as tokens with a common header, become one entry, ' +
    'and all their sessions go to one instance',
  checks: { haproxy },
};

function haproxy(config: HaproxyConfig): readonly Hit[] {
  const variables = sessionVariables(config);
  const names = new Set(
    config.backends.flatMap((proxy) => sticksOf(proxy, variables).map(({ table }) => table)),
  );
  return [...names].flatMap((name) => {
    const table = tableOf(name, config);
    return table ? [...keyHits(table), ...expiryHits(table)] : [];
  });
}

const after = ({ words }: StickTable, keyword: string): string | undefined => {
  const at = words.indexOf(keyword);
  return at < 0 ? undefined : words[at + 1];
};

function keyHits(table: StickTable): readonly Hit[] {
  const { at } = table;
  const type = after(table, 'type');
  const fix = 'type string len 128';
  if (type !== 'string' && type !== 'binary') {
    const why =
      'an id that is not a number or an address cannot be converted to the key, so it is neither stored nor found';
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

function expiryHits(table: StickTable): readonly Hit[] {
  const expire = after(table, 'expire');
  const ms = readDuration(expire ?? '', 1);
  if (ms === undefined || ms >= LEAST_EXPIRY_MS) return [];
  const why =
    'an entry expires a fixed time after the last request, even while a stream is open: a session that only listens, or waits for its user, loses its owner';
  return [
    {
      at: table.at,
      what: `an entry expires ${expire} after the last request of its session`,
      why,
      fix: 'expire 30m or more',
    },
  ];
}
