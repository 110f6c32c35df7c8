/** @module Where guarded servers are tested: an authorization server, instances that trust it, and how requests reach them. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { GuardInput } from '../guard/guard.ts';
import { TestAuthority } from '../guard/modes/authority.case.ts';
import type { OfferSettings } from '../profile/settings.ts';
import type { AuditRecord } from '../protocol/authorization/audit-record.ts';
import { scratch } from '../units/scratch.case.ts';
import { type Answered, read, type SuiteServer, type TestInstance, TOOLS, useInstance } from './ask.case.ts';
import type { InstanceInput } from './instance.ts';

/** A list of values: the field is repeated. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** Posts one message over `node:http`, which can repeat a field; `fields` add to those that every message has. */
export function post(url: string, message: object, fields: Fields): Promise<Answered> {
  const own = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
  const headers = { ...own, ...fields } as Record<string, string | string[]>;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      const got = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const init = { status: response.statusCode!, headers: got };
        resolve(read(new Response(Buffer.concat(chunks), init)));
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(message));
  });
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

/** What a refusal says. */
export const refusal = ({ status, headers, message }: Answered): unknown => ({
  status,
  challenge: headers.get('www-authenticate'),
  error: message.error,
});

export const metadataUrlOf = (url: string): string =>
  url.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');

/** Claims of a token that has expired. */
export const expired = (): object => ({ exp: Math.floor(Date.now() / 1000) - 60 });

/** Changes what an instance's guard is started with. */
type Changes = (authority: TestAuthority) => Partial<GuardInput>;

/** The server that a suite tests, with its authorization server. */
export class GuardedBed {
  readonly inSessions: boolean;
  readonly #settings: SuiteServer;
  #authority: TestAuthority | undefined;

  /** Runs an authorization server during the suite. */
  constructor(settings: SuiteServer) {
    this.#settings = settings;
    this.inSessions = settings.era === 'sessions';
    beforeAll(async () => {
      this.#authority = await TestAuthority.start('ES256');
    });
    afterAll(() => this.#authority?.stop());
  }

  get authority(): TestAuthority {
    return this.#authority!;
  }

  /** Runs an instance during the suite; without `changes` in the mode `jwt`, with scopes. */
  use(changes: Changes = () => ({}), offer?: OfferSettings, more?: Partial<InstanceInput>): TestInstance {
    const guardOf = (): GuardInput => ({
      instance: '1',
      isGateway: false,
      authentication: this.authority.input('jwt'),
      policy: { kind: 'scopes', requires: { report: ['tool:{name}', 'report:{format_id}:read'] } },
      ...changes(this.authority),
    });
    return useInstance(this.#settings, TOOLS, guardOf, offer, this.#settings.state, more);
  }

  /** The field with a good token for the instance at `url`; `changes` replace claims. */
  async bearer(
    url: string,
    scope: string,
    changes: object = {},
  ): Promise<{ readonly authorization: string }> {
    const now = Math.floor(Date.now() / 1000);
    const own = { client_id: 'agent', sub: 'agent', aud: url, scope, iat: now, exp: now + 600 };
    const token = await this.authority.jwt(this.authority.claims({ ...own, ...changes }));
    return { authorization: `Bearer ${token}` };
  }

  /** The first request of a caller: `initialize`, or a list of tools where there are no sessions. */
  open(url: string, fields: Fields): Promise<Answered> {
    return this.inSessions ? post(url, INITIALIZE, fields) : this.ask(url, 'tools/list', {}, fields);
  }

  /** The field with the id of a session that was opened with a token of `scope`; none in the other era. */
  async session(url: string, scope = 'tool:*'): Promise<Fields> {
    if (!this.inSessions) return {};
    const { headers } = await this.open(url, await this.bearer(url, scope));
    return { 'mcp-session-id': headers.get('mcp-session-id')! };
  }

  /** Makes a request of the era; in a session of its own unless `fields` name one. */
  async ask(url: string, method: string, params: object, fields: Fields): Promise<Answered> {
    const message = { jsonrpc: '2.0', id: 1, method, params };
    if (this.inSessions) return post(url, message, { ...(await this.session(url)), ...fields });
    const {
      name: called,
      uri,
      _meta,
    } = params as { readonly name?: string; readonly uri?: string; readonly _meta?: object };
    const name = called ?? uri;
    const named = name === undefined ? {} : { 'mcp-name': name };
    const own = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...named };
    return post(
      url,
      { ...message, params: { ...params, _meta: { ...META, ..._meta } } },
      { ...own, ...fields },
    );
  }
}

/** An instance that keeps an audit log. */
export interface AuditedInstance extends TestInstance {
  /** Its records so far, and the text of the log. */
  records(): Promise<readonly AuditRecord[]>;
  log(): string;
}

export function useAudited(bed: GuardedBed, more?: Partial<InstanceInput>): AuditedInstance {
  const auditFile = join(scratch(), 'audit.jsonl');
  const instance = bed.use(() => ({ auditFile }), undefined, more);
  const log = (): string => readFileSync(auditFile, 'utf8');
  return Object.assign(instance, {
    log,
    async records() {
      await instance.ask({ kind: 'flush' });
      return log()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
  });
}
