import { describeDriver } from './driver.case.ts';
import { createAutocannonDriver } from './autocannon.ts';

describeDriver({
  name: 'autocannon',
  create: createAutocannonDriver,
});
