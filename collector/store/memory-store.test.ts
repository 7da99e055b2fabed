import { describeStore } from './contract.ts';
import { openMemoryStore } from './open-store.ts';

describeStore({
  name: 'memory store',
  open: (bounds) => Promise.resolve(openMemoryStore({ report: () => {}, ...(bounds === undefined ? {} : { bounds }) })),
});
