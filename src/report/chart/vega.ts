/** @module The libraries that draw charts, loaded when the first one is drawn. */

export interface Vega {
  readonly vega: typeof import('vega');
  readonly vegaLite: typeof import('vega-lite');
}

/** Both libraries. They await while they load, so CommonJS cannot require them. */
export async function loadVega(): Promise<Vega> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  return { vega, vegaLite };
}
