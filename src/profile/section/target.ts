/** @module The key `target`: an existing endpoint, or instances that are already running. */
import { z } from 'zod';
import { listOf } from '../../units/words.ts';
import { ERAS } from '../kinds.ts';
import { hideSecretsInUrl, holdsCredentials, proxyWithoutCredentials } from '../secrets.ts';
import { unreadTemplate } from '../template/unread.ts';
import { unsupportedProxy } from '../unsupported.ts';
import type { EndpointPart, EndpointSettings } from './endpoint.ts';
import { completeHeaders, Headers, headerSecrets } from './headers.ts';
import { driverOf } from './load.ts';
import { type Secrets, variantSection } from './section.ts';
import { TARGET_DOCS } from './target-docs.ts';
import { TARGET_FLAGS } from './target-flags.ts';
import {
  choice,
  exactlyOne,
  instanceHeader,
  isMapping,
  type Mapping,
  mapping,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

/** Credentials in a URL are rejected: they would not be sent, and the URL is recorded. */
function url(protocol: RegExp, error: string): z.ZodString {
  return z
    .string({ error })
    .refine((text) => URL.canParse(text) && protocol.test(new URL(text).protocol), { error })
    .refine((text) => !holdsCredentials(text), {
      error: 'a URL without user and password; put credentials into a header (target.headers, --header)',
    })
    .meta({ format: 'uri', patternErrorMessage: error });
}

/** The URL of a proxy: a server and credentials, nothing more. */
function proxy(): z.ZodString {
  const error = 'http://host:port, or http://user:password@host:port';
  return z
    .string({ error })
    .refine(
      (text) => {
        const { protocol, pathname, search, hash } = URL.canParse(text) ? new URL(text) : new URL('void:');
        return /^https?:$/.test(protocol) && `${pathname}${search}${hash}` === '/';
      },
      { error },
    )
    .meta({ pattern: '^https?://[^/?#]+/?$', patternErrorMessage: error });
}

const TargetMapping = mapping({
  url: url(/^https?:$/, 'an http or https URL')
    .optional()
    .describe(
      'MCP endpoint, such as `http://127.0.0.1:3000/mcp`. Results do not record the values of parameters that carry credentials.',
    ),
  instances: z
    .array(url(/^https?:$/, 'an http or https URL'), { error: 'a list of URLs' })
    .min(1, { error: 'at least one URL' })
    .max(64, { error: 'at most 64 URLs' })
    .optional()
    .describe(
      'Or instances that are already running, all with the same path; `balancer` is put in front of them. Only the engine `embedded` connects to `https` URLs.',
    ),
  era: choice(['auto', ...ERAS])
    .default('auto')
    .describe(
      'Era of MCP that it speaks; `auto` detects it (`server/discover`, then `initialize`). A server that answers neither, but `tools/list`, needs `stateless`.',
    ),
  headers: Headers.default({}).describe(
    'Headers to send with every request (see below). One that MCP sets too (`Accept`, `MCP-Protocol-Version`, `Mcp-Method`, ...) is replaced, to see how a server or balancer reacts to it.',
  ),
  proxy: proxy()
    .optional()
    .describe(
      'Forward proxy that every connection goes through: a tunnel (`CONNECT`), in which `https` targets may use HTTP/2. Results do not record its credentials. Requires a driver that supports it (see below).',
    ),
  instanceHeader: instanceHeader().describe(
    'Response header that names the instance. The balancer, if there is one, names instances that do not send it.',
  ),
});

const Target = withRule(exactlyOne(TargetMapping, ['url', 'instances']), (target) => [
  ...duplicates(target['instances']),
  ...unreadTemplates(target),
  ...proxyBeforeBalancer(target),
]);

function duplicates(instances: unknown): readonly Violation[] {
  const urls = Array.isArray(instances) ? (instances as readonly unknown[]) : [];
  const problem = { what: 'is a duplicate', expected: 'a different URL for each instance' };
  return urls.flatMap((url, index) =>
    urls.indexOf(url) < index ? violationAt(['instances', index], problem) : [],
  );
}

function unreadTemplates({ url, proxy, instances }: Mapping): readonly Violation[] {
  return [
    ...violationAt(['url'], unreadTemplate(url)),
    ...violationAt(['proxy'], unreadTemplate(proxy)),
    ...(Array.isArray(instances) ? instances : []).flatMap((one, index) =>
      violationAt(['instances', index], unreadTemplate(one)),
    ),
  ];
}

function proxyBeforeBalancer({ proxy, instances }: Mapping): readonly Violation[] {
  if (proxy === undefined || instances === undefined) return [];
  return violationAt(['proxy'], {
    what: 'cannot be combined with target.instances: calls reach those through a balancer that Paceline starts',
    expected: 'target.url with target.proxy',
    todo: 'leave it out',
  });
}

const SECRETS: readonly Secrets[] = [
  headerSecrets('target.headers', (names) => `the value of ${listOf(names)}`),
  {
    at: ['target.url', 'target.instances'],
    quotable: true,
    record(value) {
      const { url, names } = hideSecretsInUrl(value);
      return { value: url, hidden: names };
    },
    notice: (names) => `the value of ${listOf(names)} in the URL of the target`,
  },
  {
    at: ['target.proxy'],
    quotable: false,
    record: (value) => ({
      value: proxyWithoutCredentials(value),
      hidden: value.includes('@') ? ['target.proxy'] : [],
    }),
    notice: ([path]) => `the password in ${path}`,
  },
];

export const target = variantSection({
  schema: Target.optional().describe('An existing endpoint to load.'),
  fills: 'endpoint',
  excludes: { target: ['fleet', 'faults'], 'target.url': ['balancer'] },
  rule(profile) {
    const { target } = profile;
    const driver = driverOf(profile);
    if (driver === undefined || !isMapping(target) || target['proxy'] === undefined) return [];
    return violationAt(['target', 'proxy'], unsupportedProxy(driver));
  },
  secrets: SECRETS,
  flags: TARGET_FLAGS,
  complete: (target): EndpointPart | undefined => target && { endpoint: completeTarget(target) },
  docs: TARGET_DOCS,
});

function completeTarget(target: z.output<typeof Target>): EndpointSettings {
  const { url, proxy, instances, era } = target;
  const base = {
    era,
    ...completeHeaders(target.headers),
    instanceHeader: target.instanceHeader.toLowerCase(),
  };
  return instances === undefined
    ? { kind: 'target', url: url!, ...base, ...(proxy === undefined ? {} : { proxy }) }
    : { kind: 'replicas', urls: instances, ...base };
}
