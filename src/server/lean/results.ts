/** @module What the results of the lean server have in each era beside their content, as JSON text. */

import type { OfferSettings } from '../../profile/settings.ts';
import { CATALOGUE_VERSION_KEY } from '../../protocol/caching/hints.ts';
import type { CacheableMethod } from '../../protocol/caching/methods.ts';
import { SERVER_INFO_KEY } from '../../protocol/meta-keys.ts';
import { SESSIONS_PROTOCOL_VERSION } from '../../protocol/sessions.ts';
import { PROTOCOL_VERSION } from '../../protocol/stateless.ts';
import { SERVER_INFO } from '../instance.ts';
import { UNKNOWN_RESOURCE } from '../offer/resources.ts';
import { asciiJson } from './answers.ts';

/** The form of results in an era. */
export interface ResultForm {
  /** The result of `server/discover`, or of `initialize`, without what {@link cacheable} adds. */
  readonly opening: Readonly<Record<string, unknown>>;
  /** Members of a result of `method` about a catalogue of `version`; `isPrivate`: it depends on the caller. */
  cacheable(method: CacheableMethod, version: number, isPrivate: boolean): object;
  /** Members of every other result. */
  readonly plain: object;
  /** Code of the JSON-RPC error for a resource that does not exist. */
  readonly unknownResource: number;
}

/** `form` of a server that can do `more` beside what all of them can. */
export function withMoreCapabilities(form: ResultForm, more: object): ResultForm {
  const capabilities = { ...(form.opening['capabilities'] as object), ...more };
  return { ...form, opening: { ...form.opening, capabilities } };
}

/** The results of MCP 2026-07-28: each says that it is complete, and a cacheable one for how long it may be kept. */
export function statelessForm({ hints }: OfferSettings): ResultForm {
  const resultType = 'complete';
  const meta = { [SERVER_INFO_KEY]: SERVER_INFO };
  return {
    opening: {
      supportedVersions: [PROTOCOL_VERSION],
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
      },
    },
    cacheable: (method, version, isPrivate) => ({
      resultType,
      _meta: { ...meta, [CATALOGUE_VERSION_KEY]: version },
      ...hints[method],
      ...(isPrivate && { cacheScope: 'private' }),
    }),
    plain: { resultType, _meta: meta },
    unknownResource: -32602,
  };
}

/** The results of MCP 2025-11-25. Its clients are not told of changes. */
export const SESSION_FORM: ResultForm = {
  opening: {
    protocolVersion: SESSIONS_PROTOCOL_VERSION,
    capabilities: { tools: {}, prompts: {}, resources: {} },
    serverInfo: SERVER_INFO,
  },
  cacheable: (_, version) => ({ _meta: { [CATALOGUE_VERSION_KEY]: version } }),
  plain: {},
  unknownResource: UNKNOWN_RESOURCE,
};

/** Makes results of `tools/call` as JSON text. */
export type TextResult = (text: string, isError: boolean, structured?: object) => string;

/** Those that have the members `plain`. */
export function textResult(plain: object): TextResult {
  const open = asciiJson(plain).slice(0, -1);
  const comma = open === '{' ? '' : ',';
  return (text, isError, structured) => {
    const content = `"content":[{"type":"text","text":${asciiJson(text)}}]`;
    const more = structured === undefined ? '' : `,"structuredContent":${asciiJson(structured)}`;
    return `${open}${comma}${content}${more}${isError ? ',"isError":true' : ''}}`;
  };
}
