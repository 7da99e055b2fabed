/** Real export requests as a tracer sends them: protobuf bodies in the order of their coming. */
export interface Recording {
  /** For people: whose traces these are. */
  title: string;
  requests: readonly Uint8Array[];
  spans: number;
  traces: number;
}
