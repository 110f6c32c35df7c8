/** @module The path of the stored calibration, in the folder of results. */

export const CALIBRATION_FILE = 'results/calibration.json';
