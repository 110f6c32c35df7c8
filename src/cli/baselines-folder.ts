/** @module Where baselines are stored, unless a flag says otherwise. */
export const BASELINES_FOLDER = '.paceline/baselines';
