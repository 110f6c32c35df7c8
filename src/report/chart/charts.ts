/** @module The table of charts, in the order of the page. A new chart is one file and one line here. */
import type { Model } from '../model.ts';
import type { Chart, DrawChart } from './chart.ts';
import { comparison } from './comparison.ts';
import { histogram } from './histogram.ts';
import { instances } from './instances.ts';
import { outcomes } from './outcomes.ts';
import { overTime } from './over-time.ts';
import { responseTime } from './response-time.ts';
import { sessions } from './sessions.ts';
import { timeline } from './timeline.ts';

const CHARTS: readonly DrawChart[] = [
  outcomes,
  sessions,
  comparison,
  responseTime,
  histogram,
  overTime,
  timeline,
  instances,
];

/** Those of the section about authorization. */
const AUTHORIZATION_CHARTS: readonly DrawChart[] = [];

/** The charts of authorization that the result has data for. */
export function authorizationChartsOf(model: Model): readonly Chart[] {
  return AUTHORIZATION_CHARTS.flatMap((draw) => draw(model) ?? []);
}

/** The charts that the result has data for, without those of authorization. */
export function chartsOf(model: Model): readonly Chart[] {
  return CHARTS.flatMap((draw) => draw(model) ?? []);
}
