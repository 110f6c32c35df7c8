/** @module What an nginx hash key is derived from: the client's address, or the caller's identity with the address as a fallback. */
import { namesCaller } from '../identity.ts';
import { type NginxCase, type NginxDefinition, namesIn, type Variables } from './variables.ts';

const ADDRESS =
  /^(binary_remote_addr|remote_addr|realip_remote_addr|proxy_add_x_forwarded_for|http_x_forwarded_for|http_x_real_ip)$/;

/** True when the client's address is part of `key` even for callers that send an identity. */
export const usesClientAddress = (key: string, variables: Variables): boolean =>
  addressIn(key, variables, new Map());

/** `known` holds the results for variables so far. A variable that is defined by itself adds no address. */
function addressIn(text: string, variables: Variables, known: Map<string, boolean>): boolean {
  const has = (inner: string): boolean => addressIn(inner, variables, known);
  return namesIn(text).some((name) => {
    if (ADDRESS.test(name)) return true;
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, false);
    const by = variables.definitionsOf(name).some((definition) => {
      if (definition.sources.some(has)) return true;
      const byAddress = definition.cases.filter(({ value }) => has(value));
      return byAddress.length > 0 && !isFallback(definition, byAddress, variables);
    });
    known.set(name, by);
    return by;
  });
}

/**
 * True for `map $http_authorization $key { default $http_authorization; "" $remote_addr; }`, and for a pattern that matches the callers
 * with an identity and has the address as the default.
 */
function isFallback(
  { sources, cases }: NginxDefinition,
  byAddress: readonly NginxCase[],
  variables: Variables,
): boolean {
  const known = cases.filter((each) => !byAddress.includes(each) && isCaller(each, variables));
  return (
    sources.some((source) => variables.derivesFrom(source, identifies)) &&
    byAddress.every(({ key }) => key === '' || key === 'default') &&
    known.length > 0
  );
}

/** True for an entry that keeps callers distinct: a pattern with a capture, or a default that copies the identity. */
const isCaller = ({ key, value }: NginxCase, variables: Variables): boolean =>
  key.startsWith('~')
    ? namesIn(value).length > 0
    : key === 'default' && variables.derivesFrom(value, identifies);

/** True for an nginx variable that identifies the caller. */
function identifies(name: string): boolean {
  const header = /^http_(\w+)$/.exec(name)?.[1];
  if (header !== undefined) return namesCaller(header.replaceAll('_', '-'));
  return /^(remote_user|jwt_\w+|ssl_client_(s_dn|fingerprint|serial|cert|raw_cert|escaped_cert)\w*)$/.test(
    name,
  );
}
