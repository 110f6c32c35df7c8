/** @module Checks every variant before anything is started: whether this machine can run its balancer, whether its driver supports the connections, whether the files of its policy are right, and whether its data can be read. */
import { isDeepStrictEqual } from 'node:util';
import { installationProblem } from '../balancer/engine/installed.ts';
import { unreachable } from '../balancer/topology.ts';
import { certificateProblem } from '../driver/certificate.ts';
import { inVariants } from '../profile/in-variants.ts';
import type { Settings, Variant } from '../profile/settings.ts';
import { policyProblems } from '../testbed/policy-files.ts';
import type { TlsOptions } from '../testbed/probe.ts';
import { type Problem, UserError } from '../units/user-error.ts';
import { dataProblems } from './data-rows.ts';

/**
 * Checks all of `variants`; `tls` is how their drivers verify servers, absent when no driver is used. Rejects with a
 * {@link UserError} that lists every problem once, with the affected variants.
 */
export async function preflight(variants: readonly Variant[], tls?: TlsOptions['tls']): Promise<void> {
  const found: { readonly problem: Problem; readonly names: string[] }[] = [];
  for (const { name, settings } of variants) {
    for (const problem of await problemsOf(settings, tls)) {
      const known = found.find((each) => isDeepStrictEqual(each.problem, problem));
      if (known === undefined) found.push({ problem, names: [name] });
      else known.names.push(name);
    }
  }
  if (found.length === 0) return;
  throw new UserError(
    found.map(({ problem, names }) => {
      // A problem of every variant does not depend on the variant.
      const where = `${problem.where}${inVariants(names.length === variants.length ? [] : names)}`;
      return { ...problem, where };
    }),
  );
}

/** A balancer that clients reach over TLS, on a port that is not known yet. */
const BALANCER = 'https://127.0.0.1';

async function problemsOf(
  settings: Settings,
  tls: TlsOptions['tls'] | undefined,
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
  return [...found, ...(await policyProblems(auth)), ...(await dataProblems(settings))];
}
