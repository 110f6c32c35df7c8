/** @module The input and the report of every instance, and what all built-in servers have in common. */
import type { AddressInfo, Server } from 'node:net';
import type { GuardInput } from '../guard/guard.ts';
import type {
  AppSettings,
  FleetTaskSettings,
  OfferSettings,
  RoundSettings,
  ToolSettings,
} from '../profile/settings.ts';
import type { StateInput } from '../state/state-input.ts';

/** What an instance is started with. */
export interface InstanceInput {
  readonly id: string;
  /** From 0. */
  readonly index: number;
  readonly seed: number;
  readonly tools: ToolSettings;
  /** What else it offers. */
  readonly offer: OfferSettings;
  /** The check of its calls; absent: it has none. */
  readonly guard?: GuardInput | undefined;
  /** How it keeps state; absent: it keeps none. */
  readonly state?: StateInput | undefined;
  /** Its tool that asks back, which needs {@link InstanceInput.state}; absent: it has none. */
  readonly rounds?: RoundSettings | undefined;
  /** Its app; absent: it has none. */
  readonly apps?: AppSettings | undefined;
  /** Its tasks; absent: no tool makes any. */
  readonly tasks?: FleetTaskSettings | undefined;
}

/** What an instance reports when it listens. */
export interface InstanceReady {
  readonly port: number;
}

/** The one path that serves MCP. */
export const MCP_PATH = '/mcp';
/** The name and version that the servers report in MCP. */
export const SERVER_INFO = { name: 'paceline-fleet', version: '0.1.0' } as const;

/** Listens on loopback at a port of the system's choice and gives the port. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Whether a browser page of a foreign origin sent this request. Source: MCP, Streamable HTTP, Security & Endpoint. */
export function foreignOrigin(origin: string | undefined): boolean {
  return origin !== undefined && !/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);
}
