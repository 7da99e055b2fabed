/** The palette has this many slots (`--service-0` … in style/tokens.css): ten hues, each in two lightnesses. */
export const SERVICE_COLOURS = 20;

/**
 * Gives every service of a trace its palette slot. A hash of the name seeds the slot, so a service keeps its colour from
 * trace to trace; where two collide, the later name in alphabetical order takes the next free slot, so that the
 * result depends on nothing but the set of names. With more services than slots, colours repeat.
 */
export function assignServiceColours(services: Iterable<string>): Map<string, number> {
  const slotByService = new Map<string, number>();
  const taken = new Set<number>();
  for (const service of [...new Set(services)].sort()) {
    if (taken.size === SERVICE_COLOURS) taken.clear();
    let slot = hashText(service) % SERVICE_COLOURS;
    while (taken.has(slot)) slot = (slot + 1) % SERVICE_COLOURS;
    taken.add(slot);
    slotByService.set(service, slot);
  }
  return slotByService;
}

/** Chosen by trying: with it the shop's own services get seven different hues, at least 40 degrees apart for the instrumented six. */
const HASH_SEED = 157_720;

/** FNV-1a with a seed and a final mix: short names that differ in one letter land far apart. */
function hashText(text: string): number {
  let hash = HASH_SEED;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
