/** @module What every demonstration server must do with what it offers: lists, pages, reads, prompts and their changes; one suite, every server. */
import { expect, it } from 'vitest';
import type { OfferSettings } from '../profile/settings.ts';
import { type Answered, type Ask, TOOLS, useInstance } from './ask.case.ts';
import type { CatalogueChange } from './catalogue-change.ts';
import type { OwnServer } from './programs.ts';

const OFFER: OfferSettings = {
  resources: 11,
  resourceBytes: 2000,
  templates: 3,
  prompts: 7,
  hints: {
    'server/discover': { ttlMs: 1, cacheScope: 'public' },
    'tools/list': { ttlMs: 2, cacheScope: 'private' },
    'prompts/list': { ttlMs: 3, cacheScope: 'public' },
    'resources/list': { ttlMs: 4, cacheScope: 'private' },
    'resources/templates/list': { ttlMs: 5, cacheScope: 'public' },
    'resources/read': { ttlMs: 0, cacheScope: 'private' },
  },
};

const URI = 'paceline://resource/2';

/** Each list: the member of its entries, their number, and the key by which they differ. */
const LISTS = [
  ['tools/list', 'tools', TOOLS.catalogue, 'name'],
  ['prompts/list', 'prompts', 7, 'name'],
  ['resources/list', 'resources', 11, 'uri'],
  ['resources/templates/list', 'resourceTemplates', 3, 'uriTemplate'],
] as const;

const PAGE_SIZE = 2;

interface OfferCases {
  readonly settings: OwnServer;
  readonly ask: Ask;
  /** What a call of a tool that does not exist is answered. */
  readonly unknownTool: (message: Answered['message']) => void;
}

/** The suite. */
export function offerCases({ settings, ask, unknownTool }: OfferCases): void {
  const inSessions = settings.era === 'sessions';
  const instance = useInstance(settings, TOOLS, undefined, OFFER);
  const paged = useInstance(settings, TOOLS, undefined, { ...OFFER, pageSize: PAGE_SIZE });
  const changing = useInstance(settings, TOOLS, undefined, { ...OFFER, pageSize: PAGE_SIZE });

  const resultOf = async (method: string, params = {}, { url } = instance) =>
    (await ask(url, method, params)).message.result;
  const codeOf = async (method: string, params = {}, { url } = instance) =>
    (await ask(url, method, params)).message.error?.code;
  const versionOf = async (method: string, params = {}, server = instance): Promise<unknown> =>
    (await resultOf(method, params, server))._meta['paceline/catalogueVersion'];
  const change = (details: Omit<CatalogueChange, 'notify'>) =>
    changing.ask({ kind: 'catalogue', change: { notify: false, ...details } });
  /** All pages of a list. */
  async function walk(method: string, member: string, server = paged) {
    const pages = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const result = await resultOf(method, cursor === undefined ? {} : { cursor }, server);
      pages.push(result[member]);
      cursor = result.nextCursor;
    }
    return pages;
  }

  it.each(LISTS)(
    'answers %s in one page, each time and from each instance the same',
    async (method, member, count, key) => {
      const result = await resultOf(method);
      expect(result).not.toHaveProperty('nextCursor');
      const keysOf = (entries: readonly Record<string, string>[]) => entries.map((entry) => entry[key]);
      expect(new Set(keysOf(result[member])).size).toBe(count);
      expect(await resultOf(method)).toEqual(result);
      // What an SDK adds to an entry of its own list, it does not add to an entry on a page.
      expect(keysOf((await walk(method, member)).flat())).toEqual(keysOf(result[member]));
    },
  );

  it.each(LISTS)('divides %s into pages', async (method, member, count) => {
    const pages = await walk(method, member);
    expect(pages.map(({ length }) => length)).toEqual(
      Array.from({ length: Math.ceil(count / PAGE_SIZE) }, (_, page) =>
        Math.min(PAGE_SIZE, count - page * PAGE_SIZE),
      ),
    );
  });

  it.each(LISTS)('accepts no cursor for %s that it did not give', async (method) => {
    const [other] = LISTS.filter(([name]) => name !== method);
    const { nextCursor } = await resultOf(other![0], {}, paged);
    for (const cursor of ['', 'garbage', nextCursor, `${nextCursor}=`]) {
      expect(await codeOf(method, { cursor }, paged)).toBe(-32602);
    }
    expect(await codeOf(method, { cursor: 'garbage' })).toBe(-32602);
  });

  it('reads resources, and records by their identifiers', async () => {
    for (const uri of [URI, 'paceline://records/3/a-17']) {
      const { contents } = await resultOf('resources/read', { uri });
      expect(contents).toEqual([{ uri, mimeType: 'text/plain', text: expect.any(String) }]);
      expect(contents[0].text).toHaveLength(OFFER.resourceBytes);
    }
    for (const uri of [
      'paceline://resource/12',
      'paceline://records/4/a',
      'paceline://records/1/',
      'file:///etc/passwd',
    ]) {
      expect(await codeOf('resources/read', { uri })).toBe(inSessions ? -32002 : -32602);
    }
  });

  it('fills in prompts', async () => {
    const { messages } = await resultOf('prompts/get', {
      name: 'review',
      arguments: { text: 'What I wrote' },
    });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ role: 'user', content: { type: 'text' } });
    expect(messages[0].content.text).toContain('What I wrote');
    expect(await codeOf('prompts/get', { name: 'no-such-prompt' })).toBe(-32602);
  });

  it('answers a tool with an output schema as that says', async () => {
    const { tools } = await resultOf('tools/list');
    const found = tools.find((tool: { outputSchema?: object }) => tool.outputSchema !== undefined);
    expect(found.annotations).toMatchObject({ readOnlyHint: true });
    const [[required]] = [Object.keys(found.inputSchema.properties)];
    expect(found.inputSchema.required).toEqual([required]);
    const { structuredContent, content } = await resultOf('tools/call', {
      name: found.name,
      arguments: { [required!]: 'a' },
    });
    expect(structuredContent).toEqual({ entries: [] });
    expect(JSON.parse(content[0].text)).toEqual(structuredContent);
  });

  if (!inSessions) {
    it.each(Object.entries(OFFER.hints))(
      'says of %s for how long and by whom it may be kept',
      async (method, hint) => {
        const result = await resultOf(method, method === 'resources/read' ? { uri: URI } : {});
        expect(result).toMatchObject({ resultType: 'complete', ...hint });
        expect(result._meta['paceline/catalogueVersion']).toBe(0);
      },
    );

    it('gives no hints with what must not be kept', async () => {
      const call = await resultOf('tools/call', { name: 'echo', arguments: { text: 'a' } });
      const prompt = await resultOf('prompts/get', { name: 'review', arguments: { text: 'a' } });
      for (const result of [call, prompt]) {
        expect(result).not.toHaveProperty('ttlMs');
        expect(result).not.toHaveProperty('cacheScope');
      }
    });

    it('advertises what it can tell of', async () => {
      expect((await resultOf('server/discover')).capabilities).toMatchObject({
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
      });
    });
  }

  // One after the other, as every change goes on from the one before.
  it('changes what it offers when it is asked to', async () => {
    const echo = { name: 'echo', arguments: { text: 'a' } };
    const cursors = new Map<string, string>();
    for (const [method] of LISTS) cursors.set(method, (await resultOf(method, {}, changing)).nextCursor);
    const readable = async (method: string) =>
      (await codeOf(method, { cursor: cursors.get(method) }, changing)) ?? 'ok';

    expect(await change({ version: 1, what: 'tools', renamed: { from: 'echo', to: 'echo_v2' } })).toBe(1);
    unknownTool((await ask(changing.url, 'tools/call', echo)).message);
    const renamed = await resultOf('tools/call', { ...echo, name: 'echo_v2' }, changing);
    expect(renamed.content[0].text).toBe('a');
    const names = (await walk('tools/list', 'tools', changing)).flat().map(({ name }) => name);
    expect([names[0], names.length, names.includes('echo')]).toEqual(['echo_v2', TOOLS.catalogue, false]);
    expect([await readable('tools/list'), await readable('resources/list')]).toEqual([-32602, 'ok']);
    expect(await versionOf('resources/list', {}, changing)).toBe(1);

    for (const _ of [1, 2]) await change({ version: 2, what: 'tools', added: 3 });
    const more = (await walk('tools/list', 'tools', changing)).flat().map(({ name }) => name);
    expect(new Set(more).size).toBe(TOOLS.catalogue + 3);
    expect(
      (await ask(changing.url, 'tools/call', { name: more.at(-1), arguments: {} })).message.result,
    ).toBeDefined();

    const before = await resultOf('resources/read', { uri: URI }, changing);
    await change({ version: 3, what: 'resource', uri: URI });
    const after = await resultOf('resources/read', { uri: URI }, changing);
    expect(after.contents[0].text).not.toBe(before.contents[0].text);
    expect(await readable('resources/list')).toBe('ok');
    if (!inSessions) expect(await versionOf('resources/read', { uri: URI }, changing)).toBe(3);

    await change({ version: 4, what: 'resources', added: 2 });
    await change({ version: 5, what: 'prompts', added: 1 });
    expect((await walk('resources/list', 'resources', changing)).flat()).toHaveLength(OFFER.resources + 2);
    expect((await walk('prompts/list', 'prompts', changing)).flat()).toHaveLength(OFFER.prompts + 1);
    expect(
      (await resultOf('resources/read', { uri: 'paceline://resource/13' }, changing)).contents,
    ).toHaveLength(1);
    expect([await readable('resources/list'), await readable('prompts/list')]).toEqual([-32602, -32602]);
    if (!inSessions) expect(await versionOf('server/discover', {}, changing)).toBe(5);
  });

  it('refuses a change of what it does not have, and stays as it is', async () => {
    const list = await resultOf('tools/list');
    const wrong: readonly Omit<CatalogueChange, 'notify'>[] = [
      { version: 1, what: 'tools', renamed: { from: 'no-such-tool', to: 'b' } },
      { version: 1, what: 'tools', renamed: { from: 'echo', to: 'work' } },
      { version: 1, what: 'resource', uri: 'paceline://resource/99' },
    ];
    for (const details of wrong) {
      const asked = instance.ask({ kind: 'catalogue', change: { notify: false, ...details } });
      await expect(asked).rejects.toThrow(/there is/);
    }
    expect(await resultOf('tools/list')).toEqual(list);
  });
}
