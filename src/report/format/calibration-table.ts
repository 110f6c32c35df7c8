/** @module A calibration as aligned lines for people. */
import {
  type Calibration,
  type DriverCalibration,
  keptUp,
  type Punctuality,
} from '../../result/calibration.ts';
import { columns } from './columns.ts';

const CEILING_HEAD = ['driver', 'server', 'calls/s', 'us/call', 'CPU', 'GC', 'ok'];
const LAG_HEAD = ['driver', 'rate/s', 'achieved/s', 'send lag p50', 'p99'];

/** The lines: ceilings, send lag, punctuality, clock. */
export function calibrationTable(calibration: Calibration): readonly string[] {
  const { machine, clock, punctuality, connections, drivers } = calibration;
  return [
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`,
    '',
    `Closed loop of ${connections} on one thread: every call a full MCP request, its id checked, its outcome classified, its time recorded`,
    ...columns([CEILING_HEAD, ...drivers.flatMap(ceilingRows)]),
    '',
    'Open loop on one thread against the null responder',
    ...columns([LAG_HEAD, ...drivers.flatMap(lagRows)]),
    ...drivers.flatMap(lateLines),
    '',
    ...(punctuality === undefined ? [] : [punctualityText(punctuality)]),
    `Clock: steps of ${clock.resolutionUs} us, ${clock.readUs} us a reading`,
  ];
}

function ceilingRows({ driver, ceilings }: DriverCalibration): readonly (readonly string[])[] {
  return ceilings.map(({ server, callsPerSecond, usPerCall, cpu, gc, okShare }) => [
    driver,
    server,
    String(callsPerSecond),
    usPerCall.toFixed(1),
    percent(cpu, 0),
    percent(gc, 1),
    // A rounded share would hide a single failure among many calls.
    okShare === 1 ? 'all' : `only ${percent(Math.min(okShare, 0.999), 1)}`,
  ]);
}

function lagRows({ driver, sendLag }: DriverCalibration): readonly (readonly string[])[] {
  if (sendLag.length === 0) return [[driver, 'none', '', '', '']];
  return sendLag.map(({ ratePerSecond, achievedPerSecond, p50Us, p99Us }) => [
    driver,
    String(ratePerSecond),
    String(achievedPerSecond),
    `${p50Us} us`,
    `${p99Us} us`,
  ]);
}

/** A line for each rate that a driver did not make. */
const lateLines = ({ driver, sendLag }: DriverCalibration): readonly string[] =>
  sendLag
    .filter(({ ratePerSecond, achievedPerSecond }) => !keptUp(achievedPerSecond, ratePerSecond))
    .map(
      ({ ratePerSecond, achievedPerSecond }) =>
        `${driver} did not keep up with ${ratePerSecond}/s: it made ${achievedPerSecond}/s, and its send lag is that of a queue. Calibrate again while the machine is idle.`,
    );

/** What no send lag on this machine is below. */
export function punctualityText({ sleepP50Us, sleepP99Us, spinP99Us, longestStopUs }: Punctuality): string {
  return `A thread that only waits: sleeps of 2 ms end ${sleepP50Us} us late at p50 and ${sleepP99Us} us at p99; spinning, it is ${spinP99Us} us late at p99 and stood still for at most ${longestStopUs} us`;
}

const percent = (share: number, digits: number): string => `${(100 * share).toFixed(digits)} %`;
