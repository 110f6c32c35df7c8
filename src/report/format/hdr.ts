/** @module Format `hdr`: percentile distributions as HdrHistogram prints them (`.hgrm`, in milliseconds), which its plotters read. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { Render } from './rendered.ts';

const TICKS_PER_HALF = 5;
const MICROS_PER_MILLI = 1000;

/** A name as part of a file name; the place keeps names apart that come out alike. */
function fileNameOf(name: string, place: number): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  return `${String(place + 1).padStart(2, '0')}-${slug || 'variant'}`;
}

export const hdr: Render = async ({ measured }) => ({
  files: measured.flatMap(({ name, place, summary }) =>
    Object.entries(summary.histograms).map(([series, encoded]) => ({
      name: `${fileNameOf(name, place)}.${series.replace(/[^A-Za-z0-9]+/g, '-')}.hgrm`,
      content: decodeFromCompressedBase64(encoded, 32, false).outputPercentileDistribution(
        TICKS_PER_HALF,
        MICROS_PER_MILLI,
      ),
    })),
  ),
});
