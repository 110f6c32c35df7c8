/** @module The JSON text within the body of an answer. */
import type { Request } from '../protocol/request.ts';

/** The JSON text of `body`: all of it, or of an event stream the message that answers `request` (else the last one). */
export function messageText(
  body: Buffer,
  contentType: string | undefined,
  request: Pick<Request, 'expected'>,
): string {
  const text = body.toString('utf8');
  if (contentType === undefined || !contentType.startsWith('text/event-stream')) return text;
  const messages = text
    .split(/\r?\n\r?\n/)
    .map((event) =>
      event
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(line[5] === ' ' ? 6 : 5))
        .join('\n'),
    )
    .filter((data) => data !== '');
  return messages.find((data) => answers(data, request)) ?? messages.at(-1) ?? '';
}

function answers(data: string, { expected }: Pick<Request, 'expected'>): boolean {
  try {
    const message = JSON.parse(data) as { id?: unknown; method?: unknown } | null;
    return expected.kind === 'result' && message?.id === expected.id && message.method === undefined;
  } catch {
    return false;
  }
}
