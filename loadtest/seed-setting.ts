import { setting, type Setting } from '@tracelab/command';
import { randomInt } from 'node:crypto';

/** Not given. */
const DRAWN = 0;

/** The seed of what a command draws: the same one repeats it. */
export function seedSetting(what: string): Setting<number> {
  return setting.integer({
    default: DRAWN,
    min: DRAWN,
    max: 2 ** 31 - 1,
    flag: 'seed',
    description: `${what}; 0 draws one`,
  });
}

/** The seed that was given, or one that is drawn here. */
export function seedOf(given: number): number {
  return given === DRAWN ? randomInt(1, 2 ** 31) : given;
}
