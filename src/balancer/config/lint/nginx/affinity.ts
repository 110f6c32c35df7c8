/** @module What an nginx hash key goes by: the address of the client, or the caller with its address as a fallback. */
import { namesCaller } from '../identity.ts';
import { type NginxCase, type NginxDefinition, namesIn, type Variables } from './variables.ts';

const ADDRESS =
  /^(binary_remote_addr|remote_addr|realip_remote_addr|proxy_add_x_forwarded_for|http_x_forwarded_for|http_x_real_ip)$/;

/** True when the address of the client is part of `key` although the caller may have said who it is. */
export const goesByAddress = (key: string, variables: Variables): boolean =>
  addressIn(key, variables, new Map());

/** `known`: what has been found of variables so far; one that is defined by itself adds nothing of its own. */
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
 * `map $http_authorization $key { default $http_authorization; "" $remote_addr; }`, and the same with a pattern for the
 * callers that are known and the address as the default.
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

/** True for an entry that turns many values into as many: a pattern with a capture, or a default that takes the caller over. */
const isCaller = ({ key, value }: NginxCase, variables: Variables): boolean =>
  key.startsWith('~')
    ? namesIn(value).length > 0
    : key === 'default' && variables.derivesFrom(value, identifies);

/** Variables of nginx that say who calls. */
function identifies(name: string): boolean {
  const header = /^http_(\w+)$/.exec(name)?.[1];
  if (header !== undefined) return namesCaller(header.replaceAll('_', '-'));
  return /^(remote_user|jwt_\w+|ssl_client_(s_dn|fingerprint|serial|cert|raw_cert|escaped_cert)\w*)$/.test(
    name,
  );
}
