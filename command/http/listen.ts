import type { FastifyInstance } from 'fastify';
import { NotHeldError } from '../program/outcome.ts';
import { describePortHolder } from './port-holder.ts';

export interface ListenAt {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** The variable that moves this port, named in the message when the port is busy. */
  variable: string;
  what: string;
}

/** Listens, or throws one clear sentence: which port, who holds it, and a command that works. */
export async function listen(server: FastifyInstance, at: ListenAt): Promise<{ port: number; url: string }> {
  try {
    await server.listen({ host: at.host, port: at.port });
  } catch (error) {
    throw new NotHeldError(await explainListenFailure(error as NodeJS.ErrnoException, at), { cause: error });
  }
  const address = server.server.address();
  const port = address === null || typeof address === 'string' ? at.port : address.port;
  return { port, url: `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}` };
}

/** For servers that are not Fastify's: the sentence about a failure to listen, by its error code. */
export async function explainListenFailure(
  error: Pick<NodeJS.ErrnoException, 'code' | 'message'>,
  at: ListenAt,
): Promise<string> {
  if (error.code === 'EADDRINUSE') return describeBusyPort(at);
  if (error.code === 'EACCES')
    return `port ${at.port} (${at.what}) may not be used by this user: move it with ${at.variable} to one above 1023`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `${at.host} is no address of this machine (${at.what}): set LAB_HOST to one, such as 127.0.0.1`;
  return `cannot listen on ${at.host}:${at.port} (${at.what}): ${error.message}`;
}

/** The sentence about a port that is taken; `others` names further ones, in words. */
export async function describeBusyPort(at: Omit<ListenAt, 'host'>, others: string = ''): Promise<string> {
  const by = await describePortHolder(at.port);
  return `port ${at.port} (${at.what}) is held by ${by}${others}: end that process, move this port with ${at.variable}, or move all of them: LAB_PORT_BASE=5600 npm start`;
}
