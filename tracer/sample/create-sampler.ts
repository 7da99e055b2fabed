import { parseRemoteSamplerArg, readSamplerSetting } from '@tracelab/protocol';
import type { SamplerName, SamplerReport, SamplerSetting } from '@tracelab/protocol';
import { alwaysOffSampler, alwaysOnSampler } from './always.ts';
import { createParentBasedSampler } from './parent-based.ts';
import { createProbabilitySampler } from './probability.ts';
import { createRateLimitingSampler } from './rate-limiting.ts';
import { RemoteSampler } from './remote/remote-sampler.ts';
import type { RemoteHost } from './remote/remote-sampler.ts';
import type { Sampler } from './sampler.ts';
import { createTraceIdRatioSampler } from './trace-id-ratio.ts';

/** A sampler in use, with what runs beside it. */
export interface RunningSampler {
  readonly sampler: Sampler;
  describe: () => SamplerReport;
  /** Ends what runs beside it; the sampler goes on deciding. */
  close: () => void;
}

type Arg = SamplerSetting['arg'];
type RootName = Exclude<SamplerName, `parentbased_${string}`>;

const PARENT_BASED = 'parentbased_';
/** A number that is not given is 1: the specification says so of the ratio. */
const asNumber = (arg: Arg): number => Number(arg ?? 1);

const SAMPLERS: Record<RootName, (arg: Arg, host: RemoteHost) => Sampler> = {
  always_on: () => alwaysOnSampler,
  always_off: () => alwaysOffSampler,
  traceidratio: (arg) => createTraceIdRatioSampler(asNumber(arg)),
  probability: (arg) => createProbabilitySampler(asNumber(arg)),
  ratelimiting: (arg, host) => createRateLimitingSampler(asNumber(arg), host.nowMs),
  jaeger_remote: createRemoteSampler,
};

/** Throws a RangeError that names the allowed samplers, or the allowed arguments. */
export function createSampler(setting: SamplerSetting, host: RemoteHost): RunningSampler {
  const { sampler: name, arg } = allowed(readSamplerSetting(setting));
  const isParentBased = name.startsWith(PARENT_BASED);
  const rootName = (isParentBased ? name.slice(PARENT_BASED.length) : name) as RootName;
  const root = SAMPLERS[rootName](arg, host);
  const sampler = isParentBased ? createParentBasedSampler({ root }) : root;
  const remote = root instanceof RemoteSampler ? root : undefined;
  return {
    sampler,
    describe: () => ({ description: sampler.toString(), ...(remote && { remote: remote.report() }) }),
    close: () => remote?.close(),
  };
}

function createRemoteSampler(arg: Arg, host: RemoteHost): Sampler {
  return new RemoteSampler(allowed(parseRemoteSamplerArg(arg)), host);
}

function allowed<T>(result: { ok: true; value: T } | { ok: false; error: string }): T {
  if (result.ok) return result.value;
  throw new RangeError(result.error);
}
