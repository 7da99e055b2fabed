import { stringify } from 'yaml';
import type { PlannedCollector } from './collector-figures.ts';
import type { CollectorSettings, MemorySettings } from './collector-settings.ts';

export interface YamlFile {
  name: string;
  text: string;
}

export interface YamlDemand {
  collector: PlannedCollector;
  settings: CollectorSettings;
  windowS: number;
  tailKeep: number;
}

const HTTP_PORT = 4318;
const GRPC_PORT = 4317;

/** The files that fit the plan, in the OpenTelemetry Collector's vocabulary: the sampler's, and the router's where there is one. */
export function yamlFor(demand: YamlDemand): YamlFile[] {
  if (demand.collector === 'tracelab') return [fileOf('sampler.yaml', TRACELAB_COMMENT, tracelabSampler(demand))];
  const { router } = demand.settings;
  const sampler = fileOf('sampler.yaml', SAMPLER_COMMENT, otelcolSampler(demand));
  return router === undefined ? [sampler] : [fileOf('router.yaml', ROUTER_COMMENT, otelcolRouter(router)), sampler];
}

const TRACELAB_COMMENT =
  'Each of the samplers. Its memory is bounded by a flag: npm run collector -- --config sampler.yaml --pending-mebibytes-max N';
const SAMPLER_COMMENT = 'Each of the samplers, behind the routers. Where kept traces go is yours to fill in.';
const ROUTER_COMMENT =
  'Each of the routers, behind any load balancer. The host name is that of all samplers (a headless service in Kubernetes).';

function fileOf(name: string, comment: string, content: unknown): YamlFile {
  return { name, text: `# ${comment}\n${stringify(content, { lineWidth: 0 })}` };
}

function tracelabSampler(demand: YamlDemand): object {
  return {
    receivers: { otlp: { protocols: { http: { endpoint: `0.0.0.0:${HTTP_PORT}` } } } },
    processors: { tail_sampling: tailSampling(demand) },
    exporters: { tracelab: {} },
    service: { pipelines: { traces: { receivers: ['otlp'], processors: ['tail_sampling'], exporters: ['tracelab'] } } },
  };
}

function otelcolSampler(demand: YamlDemand): object {
  return {
    receivers: otlpReceiver(),
    processors: {
      memory_limiter: memoryLimiter(demand.settings.sampler),
      tail_sampling: {
        ...tailSampling(demand),
        expected_new_traces_per_sec: demand.settings.expectedNewTracesPerSecond,
      },
      batch: {},
    },
    exporters: { otlphttp: { endpoint: 'http://storage.example:4318' } },
    service: {
      pipelines: {
        traces: {
          receivers: ['otlp'],
          processors: ['memory_limiter', 'tail_sampling', 'batch'],
          exporters: ['otlphttp'],
        },
      },
    },
  };
}

function otelcolRouter(memory: MemorySettings): object {
  return {
    receivers: otlpReceiver(),
    processors: { memory_limiter: memoryLimiter(memory) },
    exporters: {
      loadbalancing: {
        routing_key: 'traceID',
        protocol: { otlp: { tls: { insecure: true } } },
        resolver: { dns: { hostname: 'samplers.example', port: String(GRPC_PORT) } },
      },
    },
    service: {
      pipelines: { traces: { receivers: ['otlp'], processors: ['memory_limiter'], exporters: ['loadbalancing'] } },
    },
  };
}

function otlpReceiver(): object {
  return {
    otlp: { protocols: { grpc: { endpoint: `0.0.0.0:${GRPC_PORT}` }, http: { endpoint: `0.0.0.0:${HTTP_PORT}` } } },
  };
}

function memoryLimiter({ limitMebibytes, spikeMebibytes }: MemorySettings): object {
  return { check_interval: '1s', limit_mib: limitMebibytes, spike_limit_mib: spikeMebibytes };
}

function tailSampling({ settings, windowS, tailKeep }: YamlDemand): object {
  const percentage = tailKeep * 100;
  const policy =
    tailKeep === 1
      ? { name: 'keep-everything', type: 'always_sample' }
      : { name: 'baseline', type: 'probabilistic', probabilistic: { sampling_percentage: percentage } };
  return { decision_wait: `${windowS}s`, num_traces: settings.numTraces, policies: [policy] };
}
