/** @module The libraries that draw charts, loaded when the first one is drawn. */

export interface Vega {
  readonly vega: typeof import('vega');
  readonly vegaLite: typeof import('vega-lite');
}

/** Both libraries. */
export async function loadVega(): Promise<Vega> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  return { vega, vegaLite };
}
