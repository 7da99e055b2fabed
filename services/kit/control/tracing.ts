import type { SamplerSetting, SpanCounts, TracerSwitch } from '@tracelab/protocol';
import { ApiError } from '@tracelab/command';
import { SAMPLER_NAMES, TRACER_SWITCH } from '@tracelab/protocol';
import { allowOnlyKeys, readChoice, readDecimal, readObject } from '../read.ts';
import type { Route } from '../route.ts';

/** `GET|PUT /_lab/tracing`: the sampler of this process; 501 where it has no tracer that can be switched. */
export function tracingRoutes(): Route[] {
  return [
    { method: 'GET', path: '/_lab/tracing', handle: () => requireSwitch().getSampler() },
    { method: 'PUT', path: '/_lab/tracing', handle: ({ body }) => setSampler(body) },
  ];
}

export function currentSampler(): SamplerSetting | undefined {
  return tracerSwitch()?.getSampler();
}

export function currentSpanCounts(): SpanCounts | undefined {
  return tracerSwitch()?.counts();
}

function setSampler(body: unknown): SamplerSetting {
  const tracer = requireSwitch();
  const given = readObject(body, 'a sampler');
  allowOnlyKeys(given, 'a sampler', ['sampler', 'arg']);
  const sampler = readChoice(given['sampler'], 'sampler', SAMPLER_NAMES);
  const arg = given['arg'] === undefined ? {} : { arg: readDecimal(given['arg'], 'arg', { min: 0, max: 1 }) };
  try {
    tracer.setSampler({ sampler, ...arg });
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
