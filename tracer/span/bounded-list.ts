/** Events or links of a span, in order of arrival. At the limit a further one is dropped and counted. */
export class BoundedList<Item> {
  readonly items: Item[] = [];
  droppedCount = 0;

  /** Whether one more may be added; where not, it counts as dropped. */
  takesOneMore(countMax: number): boolean {
    if (this.items.length < countMax) return true;
    this.droppedCount++;
    return false;
  }
}
