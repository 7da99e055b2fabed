// Installs what is missing, then proves that a Node new enough runs the lab. Runs before every documented command, on
// whatever Node the machine has (20 or later), so it uses nothing newer and prints to stderr only: stdout is for --json.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 24;
const WARM_LIMIT_MS = 60_000;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const installStamp = join(root, 'node_modules', '.tracelab-installed');
const warmStamp = join(root, '.tracelab', 'compile-cache', '.warmed-for');
const viewerStamp = join(root, 'viewer', 'dist', '.built-from');
const quietNpm = { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' };

// The platform package of the optional dependencies, see docs/decisions/002.
const isWindows = process.platform === 'win32';
const nodeOfNpm = join(
  root,
  'node_modules',
  `node-${isWindows ? 'win' : process.platform}-${process.arch}`,
  'bin',
  isWindows ? 'node.exe' : 'node',
);

process.chdir(root);
installPackages();
requireNode();
buildViewer();
warmCache();

/** The lockfile decides what has to be there, so its digest is the stamp of a finished installation. */
function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (readStamp(installStamp) === wanted) return;
  say('installing packages (once; about half a minute) …');
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], quietNpm);
  if (npm.status !== 0)
    fail(
      `npm ci ended with ${npm.error?.message ?? `exit code ${npm.status}`}. Mend what it says above, then run the same command again.`,
    );
  writeFileSync(installStamp, wanted);
}

/** npm puts its own Node first on the path of every script, so the one asked here is the one that the lab gets. */
function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (existsSync(nodeOfNpm) || major >= NODE_MAJOR_MIN) return;
  const remedy = process.platform === 'darwin' ? 'brew install node@24' : 'install Node 24 from your system’s packages';
  fail(
    `Tracelab needs Node ${NODE_MAJOR_MIN} or later, this is ${process.versions.node}, and npm has no Node for ${process.platform}-${process.arch}: run '${remedy}', then the same command again.`,
  );
}

/** The viewer is the only part that is bundled: again whenever one of its sources is newer than the bundle. */
function buildViewer() {
  const wanted = String(newestChangeMs(['viewer', 'model', 'protocol']));
  if (readStamp(viewerStamp) === wanted) return;
  say('building the viewer …');
  try {
    execFileSync(
      nodeToRun(),
      ['node_modules/vite/bin/vite.js', 'build', '--config', 'viewer/vite.config.ts', '--logLevel', 'warn'],
      { cwd: root, stdio: ['ignore', 2, 2] },
    );
  } catch (error) {
    fail(`the viewer could not be built: ${error.message}`);
  }
  writeFileSync(viewerStamp, wanted);
}

/** Once after an installation. A lab that cannot start here says why when it is asked to: set-up goes on. */
function warmCache() {
  const wanted = readStamp(installStamp);
  if (readStamp(warmStamp) === wanted) return;
  say('starting the lab once, so that later starts are quick …');
  spawnSync(nodeToRun(), ['scripts/warm-cache.ts'], { cwd: root, stdio: 'ignore', timeout: WARM_LIMIT_MS });
  mkdirSync(dirname(warmStamp), { recursive: true });
  writeFileSync(warmStamp, wanted);
}

/** This script may itself run on an older Node: the first one after the installation does. */
function nodeToRun() {
  return existsSync(nodeOfNpm) ? nodeOfNpm : process.execPath;
}

function newestChangeMs(folders) {
  let newest = statSync(join(root, 'package-lock.json')).mtimeMs;
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const parent = entry.parentPath ?? entry.path;
      if (!entry.isFile() || /(^|[\\/])(dist|node_modules)([\\/]|$)/.test(parent)) continue;
      newest = Math.max(newest, statSync(join(parent, entry.name)).mtimeMs);
    }
  }
  return newest;
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function say(text) {
  process.stderr.write(`tracelab: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
