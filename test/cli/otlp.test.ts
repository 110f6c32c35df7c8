import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit.ts';
import { demo } from '../../src/report/sample-document.case.ts';
import { type Ended, scratch, startIn } from './paceline.ts';

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Exported;
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}

interface Point {
  readonly attributes: readonly Attribute[];
  readonly asDouble: number;
  readonly count: number;
  readonly sum: number;
  readonly bucketCounts: readonly number[];
  readonly explicitBounds: readonly number[];
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[]; readonly aggregationTemporality: number };
}

/** The parts of an `ExportMetricsServiceRequest` that are looked at. */
interface Exported {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

/** A collector that answers `status` and `answer`. */
async function collector(status: number, answer: string) {
  const received: Received[] = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url, headers: request.headers, body: JSON.parse(body) as Exported });
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
    });
  });
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const RESULT = {
  ...demo(),
  revision: { commit: '0123456789abcdef0123456789abcdef01234567' },
};

function report(
  url: string,
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const cwd = scratch();
  writeFileSync(join(cwd, 'result.json'), JSON.stringify(RESULT));
  return startIn({ cwd, env }, 'report', 'result.json', '--otlp', url, ...flags).ended;
}

const attributesOf = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

describe('paceline report --otlp', () => {
  it('sends gauges and histograms to a collector', async () => {
    const { received, url } = await collector(200, '{}');
    const { code, stdout, stderr } = await report(url, ['--otlp-header', 'Authorization: Bearer ${TOKEN}'], {
      TOKEN: 'Zm9vYmFy',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=ci',
    });
    expect({ code, stdout, stderr }).toEqual({
      code: EXIT.pass,
      stdout: `metrics sent: ${url}/v1/metrics\n`,
      stderr: '',
    });
    expect(received).toHaveLength(1);
    const [{ path, headers, body }] = received as [Received];
    expect(path).toBe('/v1/metrics');
    expect(headers).toMatchObject({ authorization: 'Bearer Zm9vYmFy', 'content-type': 'application/json' });
    const [{ resource, scopeMetrics }] = body.resourceMetrics as [Exported['resourceMetrics'][number]];
    expect(attributesOf(resource.attributes)).toMatchObject({
      'service.name': 'paceline',
      'vcs.ref.head.revision': RESULT.revision.commit,
      'deployment.environment.name': 'ci',
    });
    const metrics = new Map(scopeMetrics[0]!.metrics.map((metric) => [metric.name, metric]));
    const [{ name, summary }] = [RESULT.variants[1]!];
    const p99 = metrics.get('paceline_response_time_p99_seconds')!;
    expect(p99.unit).toBe('s');
    expect(
      p99.gauge!.dataPoints.find(({ attributes }) => attributesOf(attributes)['variant'] === name)!.asDouble,
    ).toBe(summary!.responseTime.p99Us / 1e6);
    const times = metrics.get('paceline_service_time_seconds')!;
    const own = times.histogram!.dataPoints.find(
      ({ attributes }) => attributesOf(attributes)['variant'] === name,
    )!;
    expect(times.histogram!.aggregationTemporality).toBe(2);
    expect(own.count).toBe(summary!.serviceTime.count);
    expect(own.bucketCounts).toHaveLength(own.explicitBounds.length + 1);
    expect(own.bucketCounts.reduce((sum, count) => sum + count, 0)).toBe(own.count);
  });

  it('says what the endpoint answered, without the credentials that were sent', async () => {
    const { url } = await collector(400, '{"message":"no tenant for Bearer Zm9vYmFyc2VjcmV0"}');
    const { code, stdout, stderr } = await report(`${url}/custom?key=Zm9vYmFy`, [
      '--otlp-header',
      'X-Api-Key: Zm9vYmFy',
    ]);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain(
      `paceline: --otlp ${url}/custom: answered 400 Bad Request: {"message":"no tenant`,
    );
    expect(stderr).not.toContain('Zm9vYmFy');
  });

  it('says why there was no answer', async () => {
    const { url } = await collector(200, '{}');
    server!.close();
    const { code, stderr } = await report(url, [], { OTEL_EXPORTER_OTLP_TIMEOUT: '200' });
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('/v1/metrics: took no metrics: ECONNREFUSED');
  });

  it.each([
    ['collector:4318', []],
    ['ftp://127.0.0.1/', []],
    ['http://user:secret@127.0.0.1/', []],
    ['http://127.0.0.1/', ['--otlp-header', 'secret']],
  ])('rejects %s %j', async (url, flags) => {
    const { code, stderr } = await report(url, flags);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(/^paceline: --otlp/);
    expect(stderr).not.toContain('secret');
  });
});
