import { describeDriver } from './driver.case.ts';
import { createUndiciDriver } from './undici.ts';

describeDriver({
  name: 'undici',
  create: createUndiciDriver,
  skip: [
    {
      reason:
        'undici takes a 100 that nobody asked for as an error and closes the connection (client-h1, onHeadersComplete)',
      tests: ['100 before the answer'],
    },
  ],
});
