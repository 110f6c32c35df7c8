/** @module What the check of each process of a fleet is started with, from the settings and the authorization server. */
import { AUTH_MODES } from '../profile/auth-kinds.ts';
import type { AuthSettings } from '../profile/settings.ts';
import { auditFileOf } from './audit-files.ts';
import type { GuardInputOf } from './guarded-process.ts';
import type { AuthorityOffer } from './part.ts';
import { readPolicy } from './policy-files.ts';

export interface GuardInputOptions {
  readonly auth: AuthSettings;
  readonly authority: AuthorityOffer;
  /** Folder of the audit logs; absent: none are kept. */
  readonly auditFolder?: string | undefined;
}

/** The inputs of all processes of one testbed. Rejects with a `UserError` when a file of the policy cannot be read, or is wrong. */
export async function guardInputs({
  auth,
  authority,
  auditFolder,
}: GuardInputOptions): Promise<GuardInputOf> {
  const { issuer, jwksUrl, introspectionEndpoint, revokedUrl, input, gatewaySecret } = authority;
  const policy = await readPolicy(auth);
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
      ...(auditFolder !== undefined && { auditFile: auditFileOf(auditFolder, instance) }),
    };
  };
}
