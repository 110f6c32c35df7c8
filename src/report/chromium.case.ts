/** @module A real Chromium for the tests of the page, spoken to over its DevTools protocol. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'undici';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
];

/** What a message of the protocol carries. */
type Params = Readonly<Record<string, unknown>>;

/** A browser with one tab. */
export interface Tab {
  send(method: string, params?: Params): Promise<Params>;
  /** Resolves at the next event called `method`. */
  next(method: string): Promise<void>;
  /** Everything the tab reported: requests, console, exceptions. */
  readonly events: readonly { readonly method: string; readonly params: Params }[];
  close(): Promise<void>;
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stderr! });
    const said: string[] = [];
    lines.on('line', (line) => {
      said.push(line);
      const match = /DevTools listening on (ws:\S+)/.exec(line);
      if (match) resolve(match[1]!);
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`chromium exited with ${code}:\n${said.join('\n')}`)));
  });
}

async function connect(address: string) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  const waiting = new Map<number, { resolve: (value: Params) => void; reject: (cause: Error) => void }>();
  const expecting = new Map<string, (() => void)[]>();
  const next = (method: string): Promise<void> =>
    new Promise((resolve) => expecting.set(method, [...(expecting.get(method) ?? []), resolve]));
  const events: { method: string; params: Params }[] = [];
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data));
    if (message.id === undefined) {
      events.push({ method: message.method, params: message.params });
      for (const wake of expecting.get(message.method) ?? []) wake();
      expecting.delete(message.method);
      return;
    }
    if (message.error) waiting.get(message.id)?.reject(new Error(message.error.message));
    else waiting.get(message.id)?.resolve(message.result);
  });
  let last = 0;
  const send = (method: string, params: Params = {}, sessionId?: string): Promise<Params> =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params, sessionId }));
    });
  return { send, next, events, close: () => socket.close() };
}

/** Starts Chromium at `path` with an empty tab that reports its network, console and exceptions. */
export async function openTab(path: string): Promise<Tab> {
  const profile = mkdtempSync(join(tmpdir(), 'paceline-chromium-'));
  const child = spawn(path, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const wire = await connect(await addressOf(child));
  const { targetId } = await wire.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await wire.send('Target.attachToTarget', { targetId, flatten: true });
  const send: Tab['send'] = (method, params) => wire.send(method, params, sessionId as string);
  for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await send(`${domain}.enable`);
  return {
    send,
    next: wire.next,
    events: wire.events,
    async close() {
      await wire.send('Browser.close').catch(() => undefined);
      await exited;
      wire.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Where a page is shown as on a phone. */
const isPhone = (width: number): boolean => width < 600;

async function setWidth(tab: Tab, width: number): Promise<void> {
  await tab.send('Emulation.setDeviceMetricsOverride', {
    width,
    height: 900,
    deviceScaleFactor: 1,
    mobile: isPhone(width),
  });
}

/** Sets how wide the tab is and which colour scheme it prefers, then opens `url` and waits for it. */
export async function show(
  tab: Tab,
  url: string,
  width: number,
  scheme: 'light' | 'dark' = 'light',
): Promise<void> {
  await setWidth(tab, width);
  await tab.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: scheme }],
  });
  const loaded = tab.next('Page.loadEventFired');
  await tab.send('Page.navigate', { url });
  await loaded;
}

/** Opens `url` once, at the first of `widths`, and looks at it at each. */
export async function showAtEach(
  tab: Tab,
  url: string,
  [first, ...others]: readonly [number, ...number[]],
  look: (width: number) => Promise<void>,
): Promise<void> {
  await show(tab, url, first);
  await look(first);
  for (const width of others) {
    await setWidth(tab, width);
    await evaluate(tab, hasWidth(width));
    await look(width);
  }
}

/** A promise of the page that it is `width` pixels wide. */
const hasWidth = (width: number): string => `new Promise((done) => {
  const look = () => (matchMedia('(width: ${width}px)').matches ? done() : setTimeout(look, 5));
  look();
})`;

/** The value of a JavaScript expression in the page, or of its promise. */
export async function evaluate(tab: Tab, expression: string): Promise<unknown> {
  const { result } = await tab.send('Runtime.evaluate', {
    expression,
    returnByValue: true,
    awaitPromise: true,
  });
  return (result as Params)['value'];
}

/** The values of several expressions, asked for at once. */
export const evaluateAll = async (tab: Tab, ...expressions: readonly string[]): Promise<readonly unknown[]> =>
  (await evaluate(tab, `[${expressions.join(', ')}]`)) as unknown[];
