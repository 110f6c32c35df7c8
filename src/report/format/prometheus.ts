/** @module Format `prometheus`: all metrics and distributions in the text format 0.0.4, for a Pushgateway or the textfile collector. */
import { familyLines } from '../metrics/exposition.ts';
import { gaugeFamilies } from '../metrics/gauges.ts';
import { histogramFamilies } from '../metrics/histograms.ts';
import { type Render, single } from './rendered.ts';

export const prometheus: Render = async (model) => {
  const families = [...gaugeFamilies(model), ...histogramFamilies(model)];
  return single('report.prom', `${families.flatMap(familyLines).join('\n')}\n`);
};
