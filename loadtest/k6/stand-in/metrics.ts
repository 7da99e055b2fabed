/** Stands in for `k6/metrics` in tests: the kind that our scripts use. */
export const rates = new Map<string, boolean[]>();

export class Rate {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  add(value: boolean): void {
    rates.set(this.name, [...(rates.get(this.name) ?? []), value]);
  }
}
