/** @module Markdown tables for the reference: what drivers, policies, engines, languages and servers support. */
import { listOf } from '../../units/words.ts';
import { type CacheSupport, CONFIGS, ENGINES, POLICIES, type Support } from '../balancer-kinds.ts';
import { DRIVERS, type HttpVersion, SERVERS } from '../kinds.ts';

/** Drivers, with what each supports. */
export function driverTable(): string {
  const rows = Object.entries(DRIVERS).map(([name, kind]) => [
    `\`${name}\``,
    kind.means,
    kind.loops.join(', '),
    kind.eras.join(', '),
    yes(kind.proxy),
    yes(kind.http2),
    yes(kind.resumes),
    versions(kind.replacesConnections),
    yes(kind.checksCertificates),
  ]);
  const heads = [
    '`load.driver`',
    'what it is',
    'loops',
    'eras',
    '`target.proxy`',
    'HTTP/2',
    '`load.tls.resume`',
  ];
  return table([...heads, '`load.perConnection`', 'checks certificates'], rows);
}

/** One version is named; both are meant by yes. */
const versions = (all: readonly HttpVersion[]): string =>
  all.length === 1 ? `HTTP/${all[0]}` : yes(all.length > 0);

/** Policies, with the languages of configurations that can express them. */
export function policyTable(): string {
  const rows = Object.entries(POLICIES).map(([name, { means, reads, eras, fallback }]) => [
    `\`${name}\``,
    means,
    reads === undefined ? '' : `\`${reads}\``,
    `${eras.join(', ')}${fallback === undefined ? '' : ` (else as \`${fallback}\`)`}`,
    ...Object.values(CONFIGS).map((config) => inWords(config.policies[name as keyof typeof POLICIES])),
  ]);
  const titles = Object.values(CONFIGS).map(({ title }) => title);
  return table(['`balancer.policy`', 'chooses', 'reads', 'eras', ...titles], rows);
}

/** Engines, with the policies that each can run. */
export function engineTable(): string {
  const rows = Object.entries(ENGINES).map(([name, { means, config, http2, cache }]) => [
    `\`${name}\``,
    means,
    config === undefined ? 'all' : `as ${CONFIGS[config].title} above`,
    http2 ? 'HTTP/1.1, HTTP/2' : 'HTTP/1.1',
    cached(cache),
  ]);
  return table(
    ['`balancer.engine`', 'what it is', 'policies', '`balancer.tls`', '`cache.at: gateway`'],
    rows,
  );
}

/** Kinds of servers, with the settings that each supports. */
export function serverTable(): string {
  const rows = Object.entries(SERVERS).map(([name, { means, eras, ours }]) => [
    name === 'command' ? 'a mapping' : `\`${name}\``,
    means,
    eras.join(', '),
    yes(ours),
    yes(ours),
  ]);
  return table(['`fleet.server`', 'what it is', 'eras', '`fleet.tools`', '`faults[].slow`'], rows);
}

const yes = (value: boolean): string => (value ? 'yes' : 'no');

function cached(support: CacheSupport): string {
  if (support.kind === 'none') return `no: ${support.reason}`;
  return support.kind === 'full' ? 'yes' : `\`public\` ${listOf(support.methods)}, whole seconds`;
}

function inWords(support: Support): string {
  if (support.kind === 'since') return `since ${support.version}`;
  return yes(support.kind === 'full');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(heads) + line(heads.map(() => '---')) + rows.map(line).join('');
}
