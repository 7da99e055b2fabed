import { defaultReceiver, type ReceiverConfig, type ReceiverName, type ReceiversConfig } from './collector-config.ts';
import { configError } from './config-error.ts';
import { describe, readMapping, readText, readWholeNumber, required, type ConfigNode } from './yaml-node.ts';

const MEBIBYTE = 1024 * 1024;
const MEBIBYTES_MAX = 2047;

/** A protocol that is not named does not listen. */
export function parseReceivers(defined: Readonly<Record<string, ConfigNode>>): ReceiversConfig {
  const otlp = required(defined['otlp'], 'receivers.otlp');
  const path = 'receivers.otlp.protocols';
  const protocols = required(readMapping(otlp, ['protocols'])['protocols'], path);
  const { grpc, http } = readMapping(protocols, ['grpc', 'http']);
  if (grpc === undefined && http === undefined) throw configError(path, 'should have grpc, http or both: has none');
  return {
    ...(grpc !== undefined && { otlpGrpc: parseGrpc(grpc) }),
    ...(http !== undefined && { otlpHttp: parseHttp(http) }),
  };
}

function parseGrpc(node: ConfigNode): ReceiverConfig {
  const keys = readMapping(node, ['endpoint', 'max_recv_msg_size_mib']);
  const size = keys['max_recv_msg_size_mib'];
  const bytesMax = size === undefined ? 0 : readWholeNumber(size, 0, MEBIBYTES_MAX) * MEBIBYTE;
  return receiverOf('otlpGrpc', keys['endpoint'], bytesMax);
}

function parseHttp(node: ConfigNode): ReceiverConfig {
  const keys = readMapping(node, ['endpoint', 'max_request_body_size']);
  const size = keys['max_request_body_size'];
  return receiverOf('otlpHttp', keys['endpoint'], size === undefined ? 0 : readWholeNumber(size, 0, 2 ** 31 - 1));
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
