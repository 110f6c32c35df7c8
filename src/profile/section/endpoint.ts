/** @module What is loaded, whichever key says so: `target` (something that runs already) or `fleet` (servers that Paceline starts). */
import { ERAS, type Era, type OwnServerName } from '../kinds.ts';
import type { CommandServer } from './command.ts';
import type { ToolSettings } from './tools.ts';
import { isMapping, type Mapping } from './values.ts';

export interface TargetSettings {
  readonly kind: 'target';
  readonly url: string;
  /** URL of the forward proxy on the way there, with its credentials: never to be shown or stored. */
  readonly proxy?: string;
  readonly era: Era | 'auto';
  readonly headers: Readonly<Record<string, string>>;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
}

/** Instances that run already; a balancer of Paceline is put in front of them. */
export interface ReplicaSettings {
  readonly kind: 'replicas';
  /** At least one, plain HTTP. */
  readonly urls: readonly string[];
  readonly era: Era | 'auto';
  readonly headers: Readonly<Record<string, string>>;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
}

export interface FleetSettings {
  readonly kind: 'fleet';
  readonly server: OwnServerName | CommandServer;
  readonly era: Era;
  readonly instances: number;
  /** Of the servers of Paceline. */
  readonly tools: ToolSettings;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
}

export type EndpointSettings = TargetSettings | ReplicaSettings | FleetSettings;

/** The part of the settings that both keys complete to. */
export interface EndpointPart {
  readonly endpoint: EndpointSettings;
}

/** The era of what is loaded, and the key that sets it; no era when it is detected (`auto`), or wrong. */
export function eraOf({ target, fleet }: Mapping): { readonly era: Era | undefined; readonly setBy: string } {
  const [endpoint, key] = isMapping(fleet) ? [fleet, 'fleet'] : [target, 'target'];
  const given = isMapping(endpoint)
    ? (endpoint['era'] ?? (key === 'fleet' ? ERAS[0] : undefined))
    : undefined;
  return { era: ERAS.find((era) => era === given), setBy: `${key}.era` };
}

/** Whether the profile loads a URL, in front of which nothing of Paceline stands. */
export function loadsUrl({ target, fleet }: Mapping): boolean {
  return isMapping(target) && fleet === undefined && target['instances'] === undefined;
}
