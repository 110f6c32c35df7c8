/** @module An agent of MCP 2026-07-28: every call stands alone. */
import type { Driver } from '../../driver/driver.ts';
import type { CallSettings } from '../../profile/settings.ts';
import type { CallEncoder } from '../../protocol/call.ts';
import { statelessCall } from '../../protocol/stateless.ts';
import type { Agent, AgentOptions } from './agent.ts';
import type { CallText } from './call-text.ts';

/** The one agent that stands for all of them, for as long as they do not differ in identity. */
export function statelessAgent(options: AgentOptions, text: CallText): Agent {
  const driver: Driver = options.driver;
  const encoders = options.calls.map(
    (call: CallSettings): CallEncoder => statelessCall(call, options.headers, text.traces),
  );
  return {
    open: () => Promise.resolve(),
    call(arrival, onEnd) {
      const encode = encoders[arrival.call]!;
      const request = encode(arrival.seq, text.argumentsOf(arrival), text.ascii(arrival.call));
      driver.send(request, (reply) => onEnd({ reply, sentUs: reply.sentUs }));
    },
    close: () => Promise.resolve(),
  };
}
