/** @module Checks every variant before anything is started: whether this machine can run its balancer, whether its driver supports the connections, whether the files of its policy are right, and whether its data can be read. */
import { installationProblem } from '../balancer/engine/installed.ts';
import { unreachable } from '../balancer/topology.ts';
import { certificateProblem } from '../driver/certificate.ts';
import type { Settings, Variant } from '../profile/settings.ts';
import { policyProblems } from '../testbed/policy-files.ts';
import type { TlsOptions } from '../testbed/probe.ts';
import type { Problem } from '../units/user-error.ts';
import { DataFiles } from './data-files.ts';
import { refuseProblems } from './variant-problems.ts';

/**
 * Checks all of `variants`; `tls` is how their drivers verify servers, absent when no driver is used, and `data` has the files that they
 * read. Rejects with a `UserError` that lists every problem once, with the affected variants.
 */
export async function preflight(
  variants: readonly Variant[],
  tls?: TlsOptions['tls'],
  data = new DataFiles(),
): Promise<void> {
  await refuseProblems(variants, (settings) => problemsOf(settings, tls, data));
}

/** A balancer that clients reach over TLS, on a port that is not known yet. */
const BALANCER = 'https://127.0.0.1';

async function problemsOf(
  settings: Settings,
  tls: TlsOptions['tls'] | undefined,
  data: DataFiles,
): Promise<readonly Problem[]> {
  const { auth, endpoint, balancer, load } = settings;
  const url = endpoint.kind === 'target' ? endpoint.url : balancer?.tls === true ? BALANCER : undefined;
  const certificate =
    url !== undefined && tls !== undefined ? certificateProblem(load.driver, { url, tls }) : undefined;
  const installation = balancer === undefined ? undefined : await installationProblem(balancer);
  const urls = endpoint.kind === 'replicas' ? endpoint.urls : [];
  const unreached = urls.map((url) => balancer && unreachable(balancer.engine, url));
  const found = [certificate, installation, unreached.find((problem) => problem !== undefined)].filter(
    (problem) => problem !== undefined,
  );
  return [...found, ...(await policyProblems(auth)), ...(await data.problemsOf(settings))];
}
