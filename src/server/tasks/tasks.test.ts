import { describe } from 'vitest';
import { officialClientCases } from './official-client.case.ts';
import { taskCases } from './tasks.case.ts';

describe.each([{ server: 'sdk' }, { server: 'lean' }] as const)(
  'the stateless server $server',
  ({ server }) => {
    taskCases({ server, era: 'stateless' });
    officialClientCases({ server, era: 'stateless' });
  },
);
