import { readdir, readFile, readlink } from 'node:fs/promises';

const TCP_LISTEN = '0A';

/** Who listens on a local TCP port, read from /proc. Undefined where the system does not tell: not Linux, or somebody else's process. */
async function findPortHolder(port: number): Promise<{ pid: number; command: string } | undefined> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const entry of await readdir('/proc').catch(() => [])) {
    const pid = Number(entry);
    if (Number.isInteger(pid) && (await holdsOneOf(pid, inodes))) return { pid, command: await commandOf(pid) };
  }
  return undefined;
}

/** "node server.js (pid 7)", or that it cannot be told. */
export async function describePortHolder(port: number): Promise<string> {
  const holder = await findPortHolder(port);
  return holder === undefined ? 'another process' : `${holder.command} (pid ${holder.pid})`;
}

async function listeningInodes(port: number): Promise<Set<string>> {
  const inodes = new Set<string>();
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const lines = (await readFile(table, 'latin1').catch(() => '')).split('\n').slice(1);
    for (const line of lines) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === TCP_LISTEN && local.endsWith(wanted) && inode !== undefined) inodes.add(`socket:[${inode}]`);
    }
  }
  return inodes;
}

async function holdsOneOf(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    if (inodes.has(target)) return true;
  }
  return false;
}

async function commandOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = 'a process', ...args] = line.split('\0').filter((part) => part !== '');
  const script = args.find((argument) => !argument.startsWith('-') && argument.includes('/'));
  const short = program.replace(/^.*\//, '');
  return script === undefined ? short : `${short} ${script.split('/').slice(-2).join('/')}`;
}
