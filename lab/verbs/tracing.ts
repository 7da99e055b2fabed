import { defineVerb, setting, UsageError } from '@tracelab/command';
import type { AnyProgram } from '@tracelab/command';
import { SAMPLER_NAMES, samplerSettingFromText } from '@tracelab/protocol';
import type { SamplerSetting } from '@tracelab/protocol';
import { askControl } from '../control-client.ts';
import type { TracingReply } from '../control/tracing-routes.ts';

export const tracing: AnyProgram = defineVerb({
  name: 'tracing',
  summary: 'Shows which sampler the services use, or gives all of them another one while they run.',
  parameters: [
    { name: 'sampler', description: `one of ${SAMPLER_NAMES.join(', ')}; without it nothing is changed` },
    {
      name: 'arg',
      description:
        'the ratio or probability, 0 to 1; traces per second; or endpoint=http://host:5778,pollingIntervalMs=…,initialSamplingRate=…',
    },
  ],
  settings: {
    ratio: setting.text({
      default: '',
      flag: 'ratio',
      description: 'short for parentbased_traceidratio with this ratio, 0 to 1',
    }),
  },
  examples: [
    'npm run lab -- tracing',
    'npm run lab -- tracing --ratio 0.0625',
    'npm run lab -- tracing parentbased_always_on',
    'npm run lab -- tracing parentbased_ratelimiting 20',
  ],
  run: async ({ settings, parameters, output }) => {
    const wanted = readSampler(parameters, settings.ratio);
    const reply = await (wanted === undefined
      ? askControl<TracingReply>('GET', '/_lab/tracing', 'services')
      : askControl<TracingReply>('PUT', '/_lab/tracing', 'services', wanted));
    const arg = reply.arg === undefined ? '' : ` ${reply.arg}`;
    const lines = reply.services.map(({ service, status }) => `  ${service.padEnd(10)} ${status}`);
    output.result(reply, [`sampler ${reply.sampler}${arg}`, ...lines].join('\n'));
  },
});

/** Undefined: only look. */
function readSampler(parameters: readonly string[], ratio: string): SamplerSetting | undefined {
  if (parameters.length === 2 && ratio !== '')
    throw new UsageError(`the ratio was given twice, ${parameters[1]} and --ratio ${ratio}: give it once`);
  const [sampler = ratio === '' ? undefined : 'parentbased_traceidratio', argText = ratio] = parameters;
  if (sampler === undefined) return undefined;
  const read = samplerSettingFromText(sampler, argText);
  if (read.ok) return read.value;
  throw new UsageError(read.error);
}
