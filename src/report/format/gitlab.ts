/**
 * @module Format `gitlab`: the metrics that tables show, in OpenMetrics 1.0, for the metrics report of a merge request
 * (https://docs.gitlab.com/ci/testing/metrics_reports). GitLab shows each changed line, so distributions are left out.
 */
import { metricsOf } from '../../result/measure/metrics.ts';
import { openMetricsLines } from '../metrics/exposition.ts';
import { metricFamilies } from '../metrics/gauges.ts';
import { type Render, single } from './rendered.ts';

export const gitlab: Render = async (model) => {
  const shown = metricsOf(model.quantities).filter(
    ({ metric }) => metric.column?.in === 'headline' || metric.column?.in === 'both',
  );
  const families = metricFamilies(shown, model);
  return single('metrics.txt', `${[...families.flatMap(openMetricsLines), '# EOF'].join('\n')}\n`);
};
