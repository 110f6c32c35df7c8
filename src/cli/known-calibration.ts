/** @module The calibration that `paceline calibrate` has stored. */
import { readFile } from 'node:fs/promises';
import type { Calibration } from '../result/calibration.ts';
import { CALIBRATION_FILE } from './calibration-file.ts';

/** Undefined without a readable file; the report then shows no share of the maximum. */
export async function knownCalibration(): Promise<Calibration | undefined> {
  const text = await readFile(CALIBRATION_FILE, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { Calibration } = await import('../result/calibration.ts');
  try {
    return Calibration.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
