import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options?: { type: 'major' | 'minor' }) => void;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as Collect;

/** Only the young generation: what the block before left behind is not this block's to clear. */
export function collectYoungGarbage(): void {
  collect({ type: 'minor' });
}

export function collectAllGarbage(): void {
  collect({ type: 'major' });
}
