import { setting, type SettingsOf } from '@tracelab/command';
import { COMPRESSION, SPAN_BYTES } from '@tracelab/model';

/** Of quantities that are above 0 wherever they are given. */
const ABSENT = 0;

const namesOf = (presets: object): string => Object.keys(presets).join(', ');

export const capacitySettings = {
  collector: setting.text({
    default: '',
    allowed: 'one of tracelab, otelcol; required',
    flag: 'collector',
    description: 'Whose figures are planned with: our collector’s or the OpenTelemetry Collector’s',
  }),
  measured: setting.text({
    default: '',
    flag: 'measured',
    description: 'A saved result of bench:collector:dapper; default the newest one',
  }),
  rps: setting.decimal({
    default: ABSENT,
    min: 0,
    max: 1e9,
    flag: 'rps',
    description: 'Requests of users in a second, on average: each begins a trace; required without --csv',
  }),
  spans: setting.decimal({
    default: ABSENT,
    min: 0,
    max: 1e6,
    flag: 'spans',
    description: 'Spans of one such request, in all services together; required without --csv',
  }),
  services: setting.integer({
    default: ABSENT,
    min: 0,
    max: 100_000,
    flag: 'services',
    description: 'Services that share these spans; changes no sum',
  }),
  csv: setting.text({
    default: '',
    flag: 'csv',
    description:
      'Instead of --spans: a row for each service with columns service, requests_per_second (or _minute, _hour, _day), spans_per_request, bytes_per_span, peak_factor',
  }),
  spanBytes: setting.text({
    default: 'dapper-2010',
    allowed: `bytes, or one of ${namesOf(SPAN_BYTES)}`,
    flag: 'span-bytes',
    description: 'Bytes of a span on the wire',
  }),
  peak: setting.decimal({
    default: 2,
    min: 1,
    max: 1000,
    flag: 'peak',
    description: 'The busiest time over the average: collectors are sized for it',
  }),
  headRate: setting.text({
    default: '1',
    allowed: 'a share such as 0.0625 or 1/16',
    flag: 'head-rate',
    description: 'Traces that are sampled at their root',
  }),
  tailKeep: setting.text({
    default: '1',
    allowed: 'a share such as 0.25 or 1/4',
    flag: 'tail-keep',
    description: 'What tail sampling keeps of those',
  }),
  windowS: setting.integer({
    default: 10,
    min: 1,
    max: 3600,
    flag: 'window-s',
    description: 'Seconds that a trace waits for its decision (decision_wait)',
  }),
  numTraces: setting.integer({
    default: ABSENT,
    min: 0,
    max: 1e9,
    flag: 'num-traces',
    description: 'num_traces of the samplers that you have, to be warned where it is too small; 0 plans it',
  }),
  utilisation: setting.decimal({
    default: 0.7,
    min: 0.05,
    max: 1,
    flag: 'utilisation',
    description: 'How much of its core a collector may be asked for at the peak',
  }),
  retentionDays: setting.decimal({
    default: 7,
    min: 0.01,
    max: 36_500,
    flag: 'retention-days',
    description: 'Days that traces are kept',
  }),
  replicas: setting.integer({
    default: 1,
    min: 1,
    max: 100,
    flag: 'replicas',
    description: 'Copies of all that is stored',
  }),
  compression: setting.text({
    default: 'none',
    allowed: `a factor, or one of ${namesOf(COMPRESSION)}`,
    flag: 'compression',
    description: 'How much smaller the store makes it',
  }),
  indexShare: setting.decimal({
    default: 0,
    min: 0,
    max: 100,
    flag: 'index-share',
    description: 'Bytes of index for each byte stored, where the compression does not count it; Dapper had 0.74',
  }),
  costPerGbMonth: setting.decimal({
    default: ABSENT,
    min: 0,
    max: 1e6,
    flag: 'cost-per-gb-month',
    description: 'Price of 10^9 bytes for a month, in your currency; 0 asks for no price',
  }),
  out: setting.text({ default: '', flag: 'out', description: 'Folder for the YAML files; default only printed' }),
};

export type CapacitySettings = SettingsOf<typeof capacitySettings>;
