/** @module The table of charts, in the order of the page. A new chart is one file and one line here. */
import type { Model } from '../model.ts';
import { check } from './authorization/check.ts';
import { decisions } from './authorization/decisions.ts';
import { frontier } from './authorization/frontier.ts';
import { revocation } from './authorization/revocation.ts';
import { stages } from './authorization/stages.ts';
import { frontier as cacheFrontier } from './caching/frontier.ts';
import { hitRatio } from './caching/hit-ratio.ts';
import { latency } from './caching/latency.ts';
import { originRate } from './caching/origin-rate.ts';
import { staleness } from './caching/staleness.ts';
import type { Chart, DrawChart } from './chart.ts';
import { comparison } from './comparison.ts';
import { histogram } from './histogram.ts';
import { instances } from './instances.ts';
import { outcomes } from './outcomes.ts';
import { overTime } from './over-time.ts';
import { resources } from './resources.ts';
import { responseTime } from './response-time.ts';
import { sessions } from './sessions.ts';
import { state } from './state.ts';
import { timeline } from './timeline.ts';

const RESULTS: readonly DrawChart[] = [
  outcomes,
  sessions,
  comparison,
  responseTime,
  histogram,
  overTime,
  resources,
  timeline,
  instances,
  state,
];

const AUTHORIZATION: readonly DrawChart[] = [frontier, revocation, stages, check, decisions];

const CACHING: readonly DrawChart[] = [hitRatio, latency, originRate, staleness, cacheFrontier];

function drawn(charts: readonly DrawChart[], model: Model): readonly Chart[] {
  return charts.flatMap((draw) => {
    const chart = draw(model);
    return chart === undefined ? [] : { ...chart, name: chart.name + model.suffix };
  });
}

/** The charts of the section about results that the result has data for. */
export const resultChartsOf = (model: Model): readonly Chart[] => drawn(RESULTS, model);

/** Those of the section about authorization. */
export const authorizationChartsOf = (model: Model): readonly Chart[] => drawn(AUTHORIZATION, model);

/** Those of the section about caching. */
export const cachingChartsOf = (model: Model): readonly Chart[] => drawn(CACHING, model);

/** All charts that the result has data for, part by part. */
export function chartsOf(model: Model): readonly Chart[] {
  if (model.parts.length > 0) return model.parts.flatMap((part) => chartsOf(part.model));
  return [...resultChartsOf(model), ...authorizationChartsOf(model), ...cachingChartsOf(model)];
}
