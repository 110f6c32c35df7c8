/** @module The table of connections: how many were opened, with which version of HTTP, and what their handshakes took. */
import type { Model } from '../model.ts';
import { isSecure, type Transported, transported } from '../transport/transports.ts';
import { count, NOTHING, percent, timeCell } from '../wording.ts';
import type { TextTable } from './headline.ts';

const COLUMNS: readonly (readonly [head: string, cell: (one: Transported) => string])[] = [
  ['variant', ({ name }) => name],
  ['HTTP', ({ connections }) => Object.keys(connections.http).join(', ')],
  ['TLS', (one) => (isSecure(one) ? 'yes' : 'no')],
  ['opened before', ({ connections }) => count(connections.before)],
  ['opened under load', ({ connections }) => count(connections.measured)],
  ['connect p50 ms', ({ connections }) => timeCell(connections.connect, 'p50Us')],
  [
    'handshake p50 ms',
    ({ connections: { handshake } }) => (handshake ? timeCell(handshake, 'p50Us') : NOTHING),
  ],
  [
    'handshake p99 ms',
    ({ connections: { handshake } }) => (handshake ? timeCell(handshake, 'p99Us') : NOTHING),
  ],
  [
    'resumed %',
    ({ connections: { resumedShare } }) => (resumedShare === null ? NOTHING : percent(resumedShare)),
  ],
  ['calls sent again', ({ connections: { resent } }) => (resent === undefined ? NOTHING : count(resent))],
];

/** No rows where there is nothing to say. */
function table(model: Model): TextTable {
  return {
    heads: COLUMNS.map(([head]) => head),
    rows: transported(model).map((one) => COLUMNS.map(([, cell]) => cell(one))),
  };
}

/** The table, with what a reader of it has to know. */
export const transports: {
  readonly title: string;
  readonly note: string;
  readonly table: (model: Model) => TextTable;
} = {
  title: 'Connections',
  note: 'Connections of all repetitions. Times and resumption are those of the connections that were opened in the measured time; where none was, of those opened before it: most of them all at once, ahead of the load, so that they wait for each other. Connect: until TCP was up; handshake: from then until TLS was ready. Calls sent again: those that the server had not processed, as it said.',
  table,
};
