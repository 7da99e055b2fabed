import { describeDecisionLog } from './decision-log.test-kit.ts';
import { MemoryDecisionLog } from './memory-log.ts';

describeDecisionLog({
  name: 'MemoryDecisionLog',
  open: ({ bytesMax, nowUnixMs }) =>
    Promise.resolve({
      log: new MemoryDecisionLog(bytesMax, nowUnixMs),
      settle: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
});
