import { defaultReceiver, type ReceiverConfig, type ReceiverName, type ReceiversConfig } from './collector-config.ts';
import { configError } from './config-error.ts';
import { describe, readMapping, readText, readWholeNumber, required, type ConfigNode } from './yaml-node.ts';

const MEBIBYTE = 1024 * 1024;
const MEBIBYTES_MAX = 2047;

/** What the pipeline does not name does not listen, nor does a protocol that is not there; wrong is wrong all the same. */
export function parseReceivers(
  named: readonly ConfigNode[],
  defined: Readonly<Record<string, ConfigNode>>,
): ReceiversConfig {
  const { otlp, zipkin } = defined;
  const byName = {
    otlp: otlp === undefined ? {} : parseOtlp(otlp),
    zipkin: zipkin === undefined ? {} : { zipkin: parseHttp('zipkin', zipkin) },
  };
  const isNamed = (name: keyof typeof byName): boolean => named.some(({ value }) => value === name);
  return { ...(isNamed('otlp') && byName.otlp), ...(isNamed('zipkin') && byName.zipkin) };
}

function parseOtlp(node: ConfigNode): ReceiversConfig {
  const path = 'receivers.otlp.protocols';
  const protocols = required(readMapping(node, ['protocols'])['protocols'], path);
  const { grpc, http } = readMapping(protocols, ['grpc', 'http']);
  if (grpc === undefined && http === undefined) throw configError(path, 'should have grpc, http or both: has none');
  return {
    ...(grpc !== undefined && { otlpGrpc: parseGrpc(grpc) }),
    ...(http !== undefined && { otlpHttp: parseHttp('otlpHttp', http) }),
  };
}

function parseGrpc(node: ConfigNode): ReceiverConfig {
  const keys = readMapping(node, ['endpoint', 'max_recv_msg_size_mib']);
  const size = keys['max_recv_msg_size_mib'];
  const bytesMax = size === undefined ? 0 : readWholeNumber(size, 0, MEBIBYTES_MAX) * MEBIBYTE;
  return receiverOf('otlpGrpc', keys['endpoint'], bytesMax);
}

function parseHttp(name: ReceiverName, node: ConfigNode): ReceiverConfig {
  const keys = readMapping(node, ['endpoint', 'max_request_body_size']);
  const size = keys['max_request_body_size'];
  return receiverOf(name, keys['endpoint'], size === undefined ? 0 : readWholeNumber(size, 0, 2 ** 31 - 1));
}

/** A size of 0 means the default, as upstream. */
function receiverOf(name: ReceiverName, endpoint: ConfigNode | undefined, bytesMax: number): ReceiverConfig {
  const fallback = defaultReceiver(name);
  return {
    ...fallback,
    ...(endpoint !== undefined && parseEndpoint(endpoint, fallback)),
    bodyBytesMax: bytesMax || fallback.bodyBytesMax,
  };
}

function parseEndpoint(node: ConfigNode, example: ReceiverConfig): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]/]*)):(\d{1,5})$/.exec(readText(node));
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    const problem = `should be host:port, such as ${example.host}:${example.port}: was ${describe(node.value)}`;
    throw configError(node.path, problem);
  }
  const host = match[1] ?? match[2] ?? '';
  return { host: host === '' ? '0.0.0.0' : host, port };
}
