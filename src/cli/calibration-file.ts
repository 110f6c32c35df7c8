/** @module Where a calibration is kept, beside the results it is read with. */

export const CALIBRATION_FILE = 'results/calibration.json';
