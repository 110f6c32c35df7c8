/** @module Format `hdr`: percentile distributions as HdrHistogram prints them (`.hgrm`, in milliseconds), which its plotters read. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { Render } from './rendered.ts';
import { slugOf } from './slug.ts';

const TICKS_PER_HALF = 5;
const MICROS_PER_MILLI = 1000;

export const hdr: Render = async ({ measured }) => ({
  files: measured.flatMap(({ name, place, summary }) =>
    Object.entries(summary.histograms).map(([series, encoded]) => ({
      name: `${slugOf(name, place)}.${series.replace(/[^A-Za-z0-9]+/g, '-')}.hgrm`,
      content: decodeFromCompressedBase64(encoded, 32, false).outputPercentileDistribution(
        TICKS_PER_HALF,
        MICROS_PER_MILLI,
      ),
    })),
  ),
});
