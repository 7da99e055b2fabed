import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { buildPackage } from './build-package.ts';

/** Builds the package in `<folder>/package` and packs it beside; returns the tarball's path. Needs npm and no network. */
export async function packTracer(folder: string): Promise<string> {
  const source = resolve(folder, 'package');
  await buildPackage(source);
  const npm = spawnSync('npm', ['pack', '--json', '--pack-destination', '..'], {
    cwd: source,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) throw new Error(`npm pack ended with exit code ${npm.status}:\n${npm.stderr}`);
  const [packed] = JSON.parse(npm.stdout) as { filename: string }[];
  return resolve(folder, packed?.filename ?? '');
}
