/**
 * The official Node SDK keeps the same contract, where it conforms: so the contract is OpenTelemetry's and not a description of
 * our own code. What it does otherwise is marked at the behaviour and listed in README.md.
 */
import { context, propagation, trace } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { decodeTracesData } from '@tracelab/protocol';
import { receivedSpans } from '../test-kit/received-span.ts';
import type { ReceivedSpan } from '../test-kit/received-span.ts';
import { CONTRACT } from './areas.ts';
import { runContract } from './run-contract.ts';
import type { Environment, Subject } from './subject.ts';

type EndedSpans = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0];

/** Traces alone, and no look at the machine. */
const TRACES_ALONE: Environment = {
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_NODE_RESOURCE_DETECTORS: 'env',
  OTEL_SERVICE_NAME: 'test',
};

/** The SDK with its own OTLP serialiser; it reads its variables from the process. */
const officialSubject: Subject = {
  name: 'official',
  start: async (environment) => {
    const restore = setVariables({ ...TRACES_ALONE, ...environment });
    let ended: EndedSpans = [];
    const nothing = async (): Promise<void> => {};
    const onEnd = (span: EndedSpans[number]): void => void ended.push(span);
    const sdk = new NodeSDK({ spanProcessors: [{ onStart: () => {}, onEnd, forceFlush: nothing, shutdown: nothing }] });
    sdk.start();
    return {
      spans: async () => {
        const taken = ended;
        ended = [];
        return decode(taken);
      },
      shutdown: async () => {
        await sdk.shutdown();
        for (const api of [trace, context, propagation]) api.disable();
        restore();
      },
    };
  },
};

function decode(ended: EndedSpans): ReceivedSpan[] {
  const bytes = ProtobufTraceSerializer.serializeRequest(ended);
  const data = decodeTracesData(bytes ?? new Uint8Array());
  if (!data.ok) throw new Error(data.error);
  return receivedSpans(data.value);
}

function setVariables(environment: Environment): () => void {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

runContract(officialSubject, CONTRACT);
