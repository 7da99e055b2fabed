/** Bytes of V8's heap for each operation, once for each try. */
export interface HeapCase {
  name: string;
  lab: number[];
  sdk: number[];
}
