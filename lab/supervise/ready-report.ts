import { relative } from 'node:path';

export interface ReadyReport {
  startedInMs: number;
  viewer: string;
  shop: string;
  otlp: string;
  control: string;
  /** Absolute; shown relative to where the user stands. */
  logs: string;
  hasLoad: boolean;
}

/** What `npm start` prints when everything is ready: the addresses, and three things to try. */
export function describeReady(report: ReadyReport, workingFolder: string): string {
  const look = report.hasLoad
    ? `open ${report.viewer}    # shoppers are buying already`
    : `curl -s ${report.shop}/products    # then open ${report.viewer}`;
  return `
ready  ${report.viewer}    (started in ${(report.startedInMs / 1_000).toFixed(1)} s)

  viewer   ${report.viewer}
  shop     ${report.shop}    GET /products, POST /checkout
  OTLP     ${report.otlp}    HTTP, for your own application
  control  ${report.control}
  logs     ${shortPath(report.logs, workingFolder)}

Try:
  1. ${look}
  2. npm run lab -- fault add bank --route /charge --delay 870ms    # and find it in a trace
  3. npm run lab -- overhead --quick    # what does tracing cost here?

Ctrl-C stops everything.`;
}

/** Relative where that is shorter to read: below the folder where the user stands. */
function shortPath(path: string, workingFolder: string): string {
  const short = relative(workingFolder, path);
  return short === '' || short.startsWith('..') ? path : short;
}
