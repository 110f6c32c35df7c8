/** @module Mode `gateway`: the balancer verifies the token, and an instance trusts the signed header that it adds, and nothing else. */
import type { AuthenticatorContext, CreateAuthenticator } from '../guard.ts';
import {
  GATEWAY_HEADER,
  type GatewayTerms,
  readGatewayHeader,
  writeGatewayHeader,
} from './gateway-header.ts';
import { jwt } from './jwt.ts';

export const gateway: CreateAuthenticator = (context) =>
  context.isGateway
    ? {
        ...jwt(context),
        handOver: (identity) => [[GATEWAY_HEADER, writeGatewayHeader(identity, terms(context))]],
      }
    : {
        authenticate(request) {
          const value = request.header(GATEWAY_HEADER);
          const identity = value === undefined ? undefined : readGatewayHeader(value, terms(context));
          return identity ?? { refused: 'not-by-gateway' };
        },
      };

function terms(context: AuthenticatorContext): GatewayTerms {
  const { input, nowSeconds, resource } = context;
  return { secret: input.gatewaySecret, audience: resource(), nowSeconds: nowSeconds() };
}
