/** @module Converts HAProxy's counts (`show stat`) to {@link BalancerStats}. Source: HAProxy management guide, section 9.1, the columns of the CSV. */
import type { BalancerStats, UpstreamStats } from '../stats.ts';

type Row = (column: string) => string;

const RESPONSES = ['hrsp_1xx', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx', 'hrsp_other'];

/** Reads the CSV. `ids` are the names of the servers, in the order of the result. An instance in several backends counts once, with the sum of its counts. */
export function readHaproxyStats(csv: string, ids: readonly string[]): BalancerStats {
  const [head = '', ...lines] = csv.replace(/^# /, '').trim().split('\n');
  const columns = new Map(head.split(',').map((name, index) => [name, index]));
  const rows = lines.map((line): Row => {
    const cells = line.split(',');
    return (column) => cells[columns.get(column) ?? -1] ?? '';
  });
  const frontend = rows.filter((row) => row('svname') === 'FRONTEND');
  const backends = rows.filter((row) => row('svname') === 'BACKEND');
  const servers = rows.filter((row) => !['FRONTEND', 'BACKEND'].includes(row('svname')));
  return {
    upstreams: ids.map((id) =>
      upstreamOf(
        id,
        servers.filter((row) => row('svname') === id),
      ),
    ),
    ownAnswers: total(frontend, RESPONSES) - total(servers, RESPONSES),
    cancelled: total(backends, ['cli_abrt']),
  };
}

function upstreamOf(id: string, rows: readonly Row[]): UpstreamStats {
  return {
    id,
    live: rows.every((row) => row('status').startsWith('UP')),
    requests: total(rows, ['stot']),
    failures: total(rows, ['econ', 'eresp']),
    inFlight: total(rows, ['scur']),
    connections: total(rows, ['connect']),
    openConnections: total(rows, ['used_conn_cur', 'srv_icur']),
  };
}

function total(rows: readonly Row[], columns: readonly string[]): number {
  return rows.flatMap((row) => columns.map((column) => Number(row(column)))).reduce((a, b) => a + b, 0);
}
