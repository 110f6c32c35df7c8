import { describeDriver } from '../driver.case.ts';
import { createWireDriver } from './wire.ts';

describeDriver({ name: 'wire', create: createWireDriver });
