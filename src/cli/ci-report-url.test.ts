import { expect, it } from 'vitest';
import { ciReportUrl } from './ci-report-url.ts';

it.each([
  [
    { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/tools', GITHUB_RUN_ID: '42' },
    'https://github.com/acme/tools/actions/runs/42',
  ],
  [
    { CI_JOB_URL: 'https://gitlab.example/acme/tools/-/jobs/7' },
    'https://gitlab.example/acme/tools/-/jobs/7',
  ],
  [{ GITHUB_REPOSITORY: 'acme/tools' }, undefined],
  [{ CI_JOB_URL: '' }, undefined],
  [{}, undefined],
])('of %j is %s', (env, url) => {
  expect(ciReportUrl(env)).toBe(url);
});
