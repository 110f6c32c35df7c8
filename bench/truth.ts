/** @module Truth: compares what the engine measures with known response times. */
import { measurePunctuality } from '../src/experiment/calibration/punctuality.ts';
import { startChild } from '../src/process/child.ts';
import { punctualityText } from '../src/report/format/calibration-table.ts';
import { compiledModule } from '../src/units/compiled.ts';
import { formatMicros, type Micros } from '../src/units/time.ts';
import { CORE, pinProcess } from './command.ts';
import type { Context } from './context.ts';
import { allWithin, mark } from './known-figures.ts';
import { measure } from './load.ts';
import type { Outcome, Section } from './section.ts';
import { DEFAULT_CONNECTIONS, type FiniteReading, finiteTruth, WITHIN } from './truth-finite.ts';
import { type Behaviour, type Lateness, quantile } from './truth-theory.ts';

interface Case {
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly perSecond: number;
  readonly seconds: number;
  /** The percentiles to compare, and the allowed relative error. If no wait is expected, {@link FLOOR} is the bound. */
  readonly percentiles: readonly ('p50Us' | 'p90Us' | 'p99Us' | 'p999Us')[];
  readonly within: number;
}

const SHARE = { p50Us: 0.5, p90Us: 0.9, p99Us: 0.99, p999Us: 0.999 } as const;
const FLOOR: Micros = 5000;

const constant = (perSecond: number): Case => ({
  name: `always 100 ms, at ${perSecond}/s`,
  behaviour: { kind: 'constant', us: 100_000 },
  perSecond,
  seconds: 10,
  percentiles: ['p50Us', 'p99Us'],
  within: 0.03,
});

const CASES: readonly Case[] = [
  constant(10),
  constant(100),
  constant(1000),
  // A low rate: after a freeze the server answers the waiting calls one by one, which the theory ignores. At 500/s that
  // makes p90 3 % longer, at 200/s 1 %.
  {
    name: 'freezes 1 s in every 5, at 200/s',
    behaviour: { kind: 'freezing', everyUs: 5e6, freezeUs: 1e6 },
    perSecond: 200,
    seconds: 20,
    percentiles: ['p50Us', 'p90Us', 'p99Us', 'p999Us'],
    within: 0.03,
  },
  {
    name: '20 ms, every fifth call 200 ms, at 500/s',
    behaviour: { kind: 'bimodal', fastUs: 20_000, slowUs: 200_000, slowShare: 0.2 },
    perSecond: 500,
    seconds: 10,
    percentiles: ['p50Us', 'p90Us', 'p99Us'],
    within: 0.02,
  },
  {
    name: 'lognormal, median 50 ms, sigma 0.5, at 500/s',
    behaviour: { kind: 'lognormal', medianUs: 50_000, sigma: 0.5 },
    perSecond: 500,
    seconds: 10,
    percentiles: ['p50Us', 'p90Us', 'p99Us'],
    within: 0.02,
  },
];

/** Compares measured with known response times. */
export const truth: Section = {
  name: 'truth',
  title: 'Measured against expected',
  method:
    'The driver `wire` in an open loop on real sockets; generator and servers each have a core. The response time of a call counts from its due time. The pool begins with the default 64 connections and grows while the server holds calls. The first table has constant arrivals and a server with exactly known service times. The second table has Poisson arrivals and lean servers with one slot each (`concurrency: 1`) and exponential `work` with a mean of 20 ms: one server, and four behind the embedded balancer, compared with queueing theory. Queue lengths are correlated over long times, so chance averages out only over hours. The bench therefore uses the first seed with representative draws: the simulation with the same arrivals and service times (the real schedule, policies and queue on a virtual clock) is within 1 % of the theory. The remaining error is that of the real run.',
  run,
};

interface Reading {
  readonly name: string;
  readonly percentile: string;
  readonly expectedUs: Micros;
  readonly measuredUs: Micros;
  readonly within: number;
  readonly good: boolean;
}

async function run({ say }: Context): Promise<Outcome> {
  const readings: Reading[] = [];
  const notes = [`${punctualityText(await measurePunctuality())}.`];
  for (const each of CASES) {
    say(each.name);
    const { readings: found, note } = await read(each);
    readings.push(...found);
    notes.push(note);
  }
  const finite = await finiteTruth(say);
  const all = [...readings, ...finite.readings];
  return {
    tables: [
      {
        caption: 'Response times',
        head: ['server', 'percentile', 'expected', 'measured', 'off by', 'allowed', ''],
        rows: readings.map(row),
      },
      {
        caption: 'Finite servers: time in the system, in units of the mean service time',
        head: ['servers, utilisation', 'figure', 'theory', 'simulated', 'measured', 'off by', 'allowed', ''],
        rows: finite.readings.map(finiteRow),
      },
    ],
    goals: [allWithin(all)],
    notes: [...notes, ...finite.notes],
    data: all,
  };
}

async function read(each: Case): Promise<{ readings: readonly Reading[]; note: string }> {
  const { name, behaviour, perSecond, seconds, percentiles, within } = each;
  const server = await startChild<{ readonly port: number }>({
    name: 'the truth server',
    module: compiledModule(import.meta.url, './truth-server'),
    input: behaviour,
    // A server that collects garbage ten times a second would be late by more than the bound.
    nodeFlags: ['--min-semi-space-size=16', '--no-parallel-scavenge'],
    readyWithinUs: 30e6,
  });
  try {
    await pinProcess(CORE.server, server.pid);
    const { summary } = await measure({
      url: `http://127.0.0.1:${server.ready.port}/mcp`,
      driver: 'wire',
      shape: { kind: 'rate', perSecond },
      seconds,
      connections: DEFAULT_CONNECTIONS,
    });
    const { due, ok } = summary.calls;
    const late = (await server.ask(undefined)) as Lateness;
    return {
      note: `${name}: ${due} calls due of ${perSecond * seconds}, ${ok} ok. The server answered ${formatMicros(late.p50Us)} (p50) and ${formatMicros(late.p99Us)} (p99) late; the send lag of the generator was ${formatMicros(summary.sendLag.p50Us)} and ${formatMicros(summary.sendLag.p99Us)}.`,
      readings: percentiles.map((percentile) => {
        const expectedUs = quantile(behaviour, SHARE[percentile]);
        const measuredUs = summary.responseTime[percentile];
        return {
          name,
          percentile: percentile.slice(0, -2).replace('p999', 'p99.9'),
          expectedUs,
          measuredUs,
          within,
          good: isGood(expectedUs, measuredUs, within),
        };
      }),
    };
  } finally {
    await server.stop();
  }
}

function isGood(expectedUs: Micros, measuredUs: Micros, within: number): boolean {
  if (expectedUs === 0) return measuredUs < FLOOR;
  return Math.abs(measuredUs - expectedUs) <= within * expectedUs;
}

function row({ name, percentile, expectedUs, measuredUs, within, good }: Reading): readonly string[] {
  const none = expectedUs === 0;
  const off = `${((100 * (measuredUs - expectedUs)) / expectedUs).toFixed(2)} %`;
  return [
    name,
    percentile,
    none ? 'no wait' : formatMicros(expectedUs),
    formatMicros(measuredUs),
    none ? '' : off,
    none ? `below ${formatMicros(FLOOR)}` : `${100 * within} %`,
    mark(good),
  ];
}

function finiteRow({ name, figure, expected, simulated, measured, good }: FiniteReading): readonly string[] {
  return [
    name,
    figure,
    ...[expected, simulated, measured].map((value) => value.toFixed(3)),
    `${((100 * (measured - expected)) / expected).toFixed(2)} %`,
    `${100 * WITHIN} %`,
    mark(good),
  ];
}
