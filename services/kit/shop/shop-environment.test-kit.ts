import { freePorts } from '@tracelab/command';
import { LOOPBACK_HOST, PORTS, SERVICES, urlVariable } from '@tracelab/protocol';

/** The variables that put a shop on free ports and tell every service where the others are. */
export async function shopEnvironment(): Promise<Record<string, string>> {
  const ports = await freePorts(SERVICES.length);
  const variables = SERVICES.map((service, index) => ({
    [PORTS[service].variable]: String(ports[index]),
    [urlVariable(service)]: `http://${LOOPBACK_HOST}:${ports[index]}`,
  }));
  return Object.assign({}, ...variables) as Record<string, string>;
}
