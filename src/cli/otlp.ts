/** @module `paceline report RESULT --otlp URL`: sends the metrics of a result to an OpenTelemetry collector, over HTTP. */
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { envDetector } from '@opentelemetry/resources';
import { withoutCredentials } from '../protocol/credentials-in-text.ts';
import { otlpMetrics } from '../report/metrics/otlp.ts';
import type { Model } from '../report/model.ts';
import { UserError } from '../units/user-error.ts';
import { headersOfFlags } from './inspect-flags.ts';

/** Where they go. */
export interface OtlpTarget {
  /** Of the collector, or of the endpoint for metrics. */
  readonly url: string;
  /** `Name: value`, with variables of the environment filled in. */
  readonly headers: readonly string[];
}

/**
 * Resolves with the URL that accepted the metrics; rejects with a `UserError` that has the answer of one that did not. The variables
 * `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME`, `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_EXPORTER_OTLP_TIMEOUT` count.
 */
export async function pushOtlp(model: Model, { url, headers }: OtlpTarget): Promise<string> {
  const endpoint = endpointOf(url);
  const exporter = new OTLPMetricExporter({
    url: endpoint,
    headers: headersOfFlags(headers, '--otlp-header'),
  });
  try {
    const metrics = otlpMetrics(model, await attributesOfEnvironment());
    const failure = await new Promise<Failure | undefined>((resolve) => {
      exporter.export(metrics, ({ code, error }) => resolve(code === SUCCESS ? undefined : (error ?? {})));
    });
    if (failure !== undefined) throw refused(endpoint, failure);
  } finally {
    await exporter.shutdown();
  }
  return shown(endpoint);
}

/** `ExportResultCode.SUCCESS` of `@opentelemetry/core`. */
const SUCCESS = 0;

/** What the exporter says, as `OTLPExporterError` has it; `code` is the status of the answer, or the name of an error of the system. */
interface Failure {
  readonly code?: unknown;
  readonly message?: string;
  /** The body of the answer. */
  readonly data?: string;
}

/** The URL of a collector stands for `/v1/metrics` on it, as `OTEL_EXPORTER_OTLP_ENDPOINT` does. */
function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || `${url.username}${url.password}` !== '') {
    throw new UserError({
      where: '--otlp',
      what: 'is not a URL that metrics can be sent to',
      expected: 'the URL of a collector without a user, such as http://127.0.0.1:4318',
      todo: 'credentials belong in --otlp-header',
    });
  }
  if (url.pathname === '/') url.pathname = '/v1/metrics';
  return url.href;
}

async function attributesOfEnvironment(): Promise<Readonly<Record<string, string>>> {
  const { attributes = {} } = envDetector.detect();
  const known = await Promise.all(
    Object.entries(attributes).map(async ([name, value]) => [name, await value] as const),
  );
  return Object.fromEntries(
    known.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** Without a query, which may hold a key. */
const shown = (endpoint: string): string => endpoint.replace(/[?#].*$/s, '');

/** Characters of an answer that are shown. */
const SHOWN = 300;

function refused(endpoint: string, { code, message = '', data = '' }: Failure): UserError {
  const answer = withoutCredentials(data.trim().slice(0, SHOWN));
  const said =
    typeof code === 'number'
      ? `answered ${code} ${message}`.trim()
      : `took no metrics: ${String(code ?? message)}`;
  return new UserError({
    where: `--otlp ${shown(endpoint)}`,
    what: answer === '' ? said : `${said}: ${answer}`,
    expected: 'an endpoint of OTLP over HTTP that takes JSON',
  });
}
