/** Holds docker-compose.yml equal to the processes that `npm start` starts: names, programs, tracer, ports, peers, environment. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot, TRACER_NAMES } from '@tracelab/command';
import { PORTS, urlVariable } from '@tracelab/protocol';
import { parse } from 'yaml';
import { PROCESSES } from '../lab/processes.ts';

interface ComposeService {
  command: string[];
  environment: Record<string, string>;
  ports?: string[];
  healthcheck: { test: string[] };
}

const compose = parse(readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>;
};

describe('docker-compose.yml', () => {
  it('loads by its name every tracer that LAB_TRACER may say', () => {
    const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { imports: object };
    const named = ['*', ...TRACER_NAMES].map((name) => `#tracer/${name}`);
    assert.deepEqual(Object.keys(manifest.imports).sort(), named.sort());
  });

  it('answers an unknown LAB_TRACER with the names that there are, and runs nothing', () => {
    const node = spawnSync(process.execPath, ['--import', '#tracer/zipkin', '--eval', 'console.log("ran")'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    assert.deepEqual(
      [node.status, node.stdout, node.stderr],
      [2, '', `error: LAB_TRACER=zipkin is unknown: use one of ${TRACER_NAMES.join(', ')}\n`],
    );
  });

  it('names exactly the processes of npm start', () => {
    assert.deepEqual(Object.keys(compose.services).sort(), PROCESSES.map((process) => process.name).sort());
  });

  for (const process of PROCESSES) {
    const container = compose.services[process.name];

    it(`runs ${process.name} with the same program, tracer and environment`, () => {
      assert.ok(container !== undefined);
      assert.deepEqual(container.command, [
        ...(process.isTraced ? ['--import', '#tracer/${LAB_TRACER:-lab}'] : []),
        process.file,
        ...process.args,
      ]);
      for (const [name, value] of Object.entries(process.environment))
        assert.equal(container.environment[name], value, name);
      for (const peer of process.peers)
        assert.equal(container.environment[urlVariable(peer)], `http://${peer}:${PORTS[peer].port}`);
      assert.equal(
        container.environment['OTEL_EXPORTER_OTLP_ENDPOINT'],
        process.isTraced ? `http://collector:${PORTS.otlpHttp.port}` : undefined,
      );
    });

    it(`publishes only ports that ${process.name} has, to this machine alone, and checks its health on one of them`, () => {
      const ports = process.ports.map((name) => String(PORTS[name].port));
      for (const published of container?.ports ?? []) {
        const [host, outside, inside] = published.split(':');
        assert.equal(host, '127.0.0.1');
        assert.equal(outside, inside);
        assert.ok(ports.includes(inside ?? ''), `${published} is no port of ${process.name}`);
      }
      assert.ok(ports.includes(container?.healthcheck.test.at(-1) ?? ''));
    });
  }
});
