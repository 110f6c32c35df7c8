/** @module Inspects a server with planted answers, in tests. */
import { type InspectOptions, inspect } from './inspect.ts';
import type { Inspection } from './inspection.ts';
import { type Plant, type PlantedOptions, plantedServer } from './planted-server.case.ts';
import type { InspectedIdentity } from './survey.ts';

export const READER: InspectedIdentity = {
  name: 'reader',
  headers: { Authorization: 'Bearer reader-token' },
};
export const ADMIN: InspectedIdentity = { name: 'admin', headers: { Authorization: 'Bearer admin-token' } };

/** What an inspection of a server with `planted` gives. */
export async function inspected(
  planted: PlantedOptions,
  options: Partial<InspectOptions> = {},
): Promise<Inspection> {
  const server = await plantedServer(planted);
  try {
    return await inspect({
      url: server.url,
      era: 'stateless',
      headers: {},
      identities: [],
      tls: { insecure: false },
      instanceHeader: 'x-served-by',
      checkIds: true,
      timeoutUs: 5e6,
      limits: { timeUs: 20e6, requests: 500 },
      extent: { connections: 2, rounds: 2, moreRounds: 2, perInstance: 2, resources: 2 },
      ...options,
    });
  } finally {
    await server.close();
  }
}

type Json = Parameters<Plant>[0];

const LISTS = ['tools', 'prompts', 'resources', 'resourceTemplates'];

/** The result, with its list changed. */
export function withList(result: Json, change: (list: readonly unknown[]) => readonly unknown[]): Json {
  const key = LISTS.find((each) => each in result);
  return key === undefined ? result : { ...result, [key]: change(result[key] as readonly unknown[]) };
}

/** Changes the results of one method. */
export const of =
  (method: string, change: Plant): Plant =>
  (result, asked) =>
    asked.method === method && !('code' in result) ? change(result, asked) : result;
