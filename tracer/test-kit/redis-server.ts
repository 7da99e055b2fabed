import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { endWithTests } from './end-with-tests.ts';

/** A Redis of five commands, in its own protocol (RESP2), for clients that speak nothing else. */
export class RedisServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<RedisServer> {
    const stored = new Map<string, string>();
    const server = createServer((socket) => {
      redis.#sockets.add(socket.on('close', () => redis.#sockets.delete(socket)));
      let waiting = '';
      socket.on('data', (chunk) => {
        const { commands, rest } = readCommands(waiting + chunk.toString('latin1'));
        waiting = rest;
        for (const command of commands) socket.write(answer(stored, command), 'latin1');
      });
    });
    const redis = new RedisServer(server);
    endWithTests(() => void redis.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return redis;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`: as many commands as are complete. */
function readCommands(text: string): { commands: string[][]; rest: string } {
  const commands: string[][] = [];
  let rest = text;
  for (;;) {
    const command = readCommand(rest);
    if (command === undefined) return { commands, rest };
    commands.push(command.words);
    rest = rest.slice(command.length);
  }
}

function readCommand(text: string): { words: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  let at = head[0].length;
  const words: string[] = [];
  while (words.length < Number(head[1])) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (size === null) return undefined;
    at += size[0].length;
    const end = at + Number(size[1]);
    if (text.length < end + 2) return undefined;
    words.push(text.slice(at, end));
    at = end + 2;
  }
  return { words, length: at };
}

function answer(stored: Map<string, string>, [name = '', key = '', value = '']: readonly string[]): string {
  switch (name.toUpperCase()) {
    case 'PING':
      return '+PONG\r\n';
    case 'INFO':
      return bulk('redis_version:7.0.0\r\nloading:0\r\n');
    case 'SET':
      stored.set(key, value);
      return '+OK\r\n';
    case 'GET':
      return stored.has(key) ? bulk(stored.get(key) ?? '') : '$-1\r\n';
    default:
      return `-ERR unknown command '${name}'\r\n`;
  }
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}
