/** @module Where a CI system shows what a job has produced. */

type Environment = Readonly<Record<string, string | undefined>>;

/** The page of the run of GitHub Actions, which lists its artefacts, or that of the job of GitLab; undefined elsewhere. */
export function ciReportUrl(env: Environment): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server && repository && run) return `${server}/${repository}/actions/runs/${run}`;
  return env['CI_JOB_URL'] || undefined;
}
