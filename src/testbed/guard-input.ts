/** @module What the check of each process of a fleet is started with, from the settings and the authorization server. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PolicyInput } from '../guard/guard.ts';
import { describeSystemError } from '../process/system-error.ts';
import { AUTH_MODES } from '../profile/kinds.ts';
import type { AuthSettings } from '../profile/settings.ts';
import { UserError } from '../units/user-error.ts';
import type { GuardInputOf } from './guarded-process.ts';
import type { AuthorityOffer } from './part.ts';

export interface GuardInputOptions {
  readonly auth: AuthSettings;
  readonly authority: AuthorityOffer;
  /** Folder of the audit logs; absent: none are kept. */
  readonly auditFolder?: string | undefined;
}

/** The inputs of all processes of one testbed. Rejects with a `UserError` when a file of the policy cannot be read. */
export async function guardInputs({
  auth,
  authority,
  auditFolder,
}: GuardInputOptions): Promise<GuardInputOf> {
  const { issuer, jwksUrl, introspectionEndpoint, revokedUrl, input, gatewaySecret } = authority;
  const policy = await policyOf(auth);
  const usesList = AUTH_MODES[auth.mode].tokens === 'jwt' && auth.revocation === 'list';
  return (guarded) => {
    const isGateway = guarded.kind === 'balancer';
    const instance = isGateway ? 'balancer' : guarded.id;
    return {
      instance,
      isGateway,
      authentication: {
        mode: auth.mode,
        algorithm: auth.algorithm,
        issuer,
        jwksUrl,
        introspection: {
          url: introspectionEndpoint,
          clientId: input.resourceServer.id,
          clientSecret: input.resourceServer.secret,
        },
        ...(usesList && { revocations: { url: revokedUrl, everyUs: auth.cacheTtlUs } }),
        cacheTtlUs: auth.cacheTtlUs,
        gatewaySecret,
        plant: {
          busyUs: auth.plant.checkBusyUs,
          skip: guarded.kind === 'instance' && auth.plant.skipOn === guarded.index + 1,
        },
      },
      // The gateway does not know the arguments of a call, so what a caller may do is decided by the instance.
      policy: isGateway ? { kind: 'none' } : policy,
      ...(auditFolder !== undefined && { auditFile: join(auditFolder, `audit-${instance}.jsonl`) }),
    };
  };
}

async function policyOf({ policy, requires, cedar }: AuthSettings): Promise<PolicyInput> {
  if (policy === 'none') return { kind: 'none' };
  if (policy === 'scopes' || cedar === undefined) return { kind: 'scopes', requires };
  const [policies, entities] = await Promise.all([
    textOf(cedar.policies, 'auth.cedar.policies'),
    textOf(cedar.entities, 'auth.cedar.entities'),
  ]);
  return { kind: 'cedar', policies, entities };
}

async function textOf(path: string, where: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError({
      where,
      what: `${path} cannot be read: ${describeSystemError(error)}`,
      todo: 'correct the path, which is relative to the folder of the profile',
    });
  }
}
