/** @module The endpoint under load, set by one of two keys: `target` (something that is already running) or `fleet` (servers that Paceline starts). */
import { ERAS, type Era, type OwnServerName, serverOf } from '../kinds.ts';
import type { UserHeaders } from '../template/header-text.ts';
import type { AppSettings } from './apps.ts';
import type { CommandServer } from './command.ts';
import type { FleetTaskSettings } from './fleet-tasks.ts';
import type { OfferSettings } from './offer.ts';
import type { RoundSettings } from './rounds.ts';
import type { StateSettings } from './state.ts';
import type { ToolSettings } from './tools.ts';
import { isMapping, type Mapping } from './values.ts';

/** What the user adds to every request. */
export interface HeaderSettings {
  readonly headers: UserHeaders;
  /** Names, in lower case, of those with a value from the environment, which must never be shown or stored. */
  readonly secretHeaders?: readonly string[];
}

export interface TargetSettings extends HeaderSettings {
  readonly kind: 'target';
  readonly url: string;
  /** URL of the forward proxy to the target, with its credentials: must never be shown or stored. */
  readonly proxy?: string;
  readonly era: Era | 'auto';
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
}

/** Instances that are already running; Paceline puts a balancer in front of them. */
export interface ReplicaSettings extends HeaderSettings {
  readonly kind: 'replicas';
  /** At least one, all `http` or `https`. */
  readonly urls: readonly string[];
  readonly era: Era | 'auto';
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
}

export interface FleetSettings extends Partial<HeaderSettings> {
  readonly kind: 'fleet';
  readonly server: OwnServerName | CommandServer;
  /** `auto` only of a command. */
  readonly era: Era | 'auto';
  readonly instances: number;
  /** Tools of the built-in servers. */
  readonly tools: ToolSettings;
  /** What else they offer. */
  readonly offer: OfferSettings;
  /** How they keep state; absent: they keep none. */
  readonly state?: StateSettings;
  /** Their tool that asks back; absent: they have none. */
  readonly rounds?: RoundSettings;
  /** Their app; absent: they have none. */
  readonly apps?: AppSettings;
  /** Their tasks; absent: no tool makes any. */
  readonly tasks?: FleetTaskSettings;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
}

export type EndpointSettings = TargetSettings | ReplicaSettings | FleetSettings;

/** The part of the settings that either key defines. */
export interface EndpointPart {
  readonly endpoint: EndpointSettings;
}

/** The era of the endpoint, and the key that sets it; no era when it is to be detected (`auto`) or not valid. */
export function eraOf({ target, fleet }: Mapping): { readonly era: Era | undefined; readonly setBy: string } {
  const [endpoint, key] = isMapping(fleet) ? [fleet, 'fleet'] : [target, 'target'];
  const given = isMapping(endpoint)
    ? (endpoint['era'] ?? (key === 'fleet' ? ERAS[0] : undefined))
    : undefined;
  const era = key === 'fleet' && isMapping(endpoint) ? fleetEra(endpoint['server'], given) : given;
  return { era: ERAS.find((each) => each === era), setBy: `${key}.era` };
}

/** There is nothing to detect at a built-in server: with `auto` it speaks the first era. */
export function fleetEra<Given>(server: unknown, era: Given): Given | Era {
  return era === 'auto' && serverOf(server) !== 'command' ? ERAS[0] : era;
}

/** Whether the profile loads a URL directly, without a balancer of Paceline. */
export function loadsUrl({ target, fleet }: Mapping): boolean {
  return isMapping(target) && fleet === undefined && target['instances'] === undefined;
}
