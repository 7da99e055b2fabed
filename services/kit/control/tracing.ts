import type { SamplerReport, SamplerSetting, SpanCounts, TracerSwitch } from '@tracelab/protocol';
import { ApiError } from '@tracelab/command';
import { TRACER_SWITCH, readSamplerSetting } from '@tracelab/protocol';
import type { Route } from '../route.ts';

/** `GET|PUT /_lab/tracing`: the sampler of this process; 501 where it has no tracer that can be switched. */
export function tracingRoutes(): Route[] {
  return [
    { method: 'GET', path: '/_lab/tracing', handle: () => describe(requireSwitch()) },
    { method: 'PUT', path: '/_lab/tracing', handle: ({ body }) => setSampler(body) },
  ];
}

export function currentSampler(): SamplerSetting | undefined {
  return tracerSwitch()?.getSampler();
}

export function currentSpanCounts(): SpanCounts | undefined {
  return tracerSwitch()?.counts();
}

/** The setting, and what became of it: which strategy a server gave, and how old that is. */
function describe(tracer: TracerSwitch): SamplerSetting & Partial<SamplerReport> {
  return { ...tracer.getSampler(), ...tracer.describeSampler?.() };
}

function setSampler(body: unknown): SamplerSetting {
  const tracer = requireSwitch();
  const setting = readSamplerSetting(body);
  if (!setting.ok) throw new ApiError('bad_request', setting.error);
  try {
    tracer.setSampler(setting.value);
  } catch (error) {
    if (error instanceof RangeError) throw new ApiError('bad_request', error.message, { cause: error });
    throw error;
  }
  return tracer.getSampler();
}

function requireSwitch(): TracerSwitch {
  const tracer = tracerSwitch();
  if (tracer !== undefined) return tracer;
  throw new ApiError(
    'not_supported',
    'this process has no tracer that can be switched: start it with LAB_TRACER=lab (or otel) to change its sampler',
  );
}

/** Of the process's tracer, where it has one of ours. */
export function tracerSwitch(): TracerSwitch | undefined {
  return (globalThis as { [TRACER_SWITCH]?: TracerSwitch })[TRACER_SWITCH];
}
