/**
 * @module Format `gitlab`: the metrics that tables show, in OpenMetrics 1.0, for the metrics report of a merge request
 * (https://docs.gitlab.com/ci/testing/metrics_reports). GitLab shows each changed line, so distributions are left out.
 */
import { metricsOf } from '../../result/measure/metrics.ts';
import { familyLines, unitLine } from '../metrics/exposition.ts';
import { metricFamilies } from '../metrics/gauges.ts';
import { type Render, single } from './rendered.ts';

export const gitlab: Render = async (model) => {
  const shown = metricsOf(model.quantities).filter(
    ({ metric }) => metric.column?.in === 'headline' || metric.column?.in === 'both',
  );
  const families = metricFamilies(shown, model);
  const lines = families.flatMap((family) => [...familyLines(family), ...unitLine(family)]);
  return single('metrics.txt', `${[...lines, '# EOF'].join('\n')}\n`);
};
