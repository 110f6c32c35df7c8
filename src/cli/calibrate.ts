/** @module `paceline calibrate`: measures the generator's maximum throughput on this machine; prints a table and writes a file for later reports. */
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calibrate } from '../experiment/calibration/calibrate.ts';
import { machine } from '../experiment/machine.ts';
import { calibrationTable } from '../report/format/calibration-table.ts';
import type { Calibration } from '../result/calibration.ts';
import { systemClock } from '../units/clock.ts';
import { VERSION } from '../units/version.ts';
import { EXIT } from './exit.ts';
import { cannotWrite, makeFolder } from './folder.ts';
import { listenForInterrupt } from './interrupt.ts';
import { openTerminal } from './terminal.ts';

export interface CalibrateOptions {
  readonly out: string;
  readonly json: boolean;
}

/** Calibrates, prints the table and writes the file; resolves with the exit code. */
export async function calibrateCommand({ out, json }: CalibrateOptions): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: json });
  await makeFolder(dirname(out));
  const interrupt = listenForInterrupt(() => terminal.say('interrupted: nothing is stored'));
  terminal.say('calibrating this machine for about half a minute; keep it otherwise idle');
  let calibration: Calibration;
  try {
    calibration = await calibrate({
      version: VERSION,
      machine: machine(),
      clock: systemClock,
      signal: interrupt.signal,
      onStep: (step) => terminal.status(`measuring ${step}`),
    });
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.release();
  }
  await store(out, calibration);
  for (const line of calibrationTable(calibration)) terminal.tell(line);
  terminal.tell(`\nstored: ${out}`);
  if (json) await terminal.print(`${JSON.stringify(calibration, null, 2)}\n`);
  return EXIT.pass;
}

/** Replaces the file in one step. */
async function store(path: string, calibration: Calibration): Promise<void> {
  try {
    await writeFile(`${path}.part`, `${JSON.stringify(calibration, null, 2)}\n`);
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}
