import { VirtualClock } from '../units/virtual-clock.ts';
import { MemoryStore } from './memory-store.ts';
import { describeStore } from './store.case.ts';

describeStore('memory', async () => {
  const clock = new VirtualClock();
  return { store: new MemoryStore(clock), pass: async (ms) => clock.advance(ms * 1000) };
});
