import assert from 'node:assert/strict';
import { textOf } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';

export const namedResource: Area = {
  title: 'the resource where OTEL_SERVICE_NAME is set',
  environment: {
    OTEL_SERVICE_NAME: 'winner',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=loser,team=shop%20floor,service.version=1.2,telemetry.sdk.language=cobol',
  },
  behaviours: [
    behaviour('has that name, whatever the attributes say', async ({ tracer, span }) => {
      tracer.startSpan('span').end();
      assert.equal((await span()).resource['service.name'], 'winner');
    }),
    behaviour('has the attributes, percent-decoded, as texts', async ({ tracer, span }) => {
      tracer.startSpan('span').end();
      const { resource } = await span();
      assert.deepEqual([resource['team'], resource['service.version']], ['shop floor', '1.2']);
    }),
    behaviour('names the SDK and its version', async ({ tracer, span }) => {
      tracer.startSpan('span').end();
      const { resource } = await span();
      assert.match(textOf(resource['telemetry.sdk.version']), /^\d+\.\d+\.\d+/);
      assert.equal(typeof resource['telemetry.sdk.name'], 'string');
    }),
    behaviour(
      'says itself in which language the SDK is written',
      async ({ tracer, span }) => {
        tracer.startSpan('span').end();
        assert.equal((await span()).resource['telemetry.sdk.language'], 'nodejs');
      },
      { official: { instead: 'lets OTEL_RESOURCE_ATTRIBUTES say it', shows: /cobol/ } },
    ),
  ],
};

export const detectedResource: Area = {
  title: 'the resource where only OTEL_RESOURCE_ATTRIBUTES is set',
  environment: { OTEL_SERVICE_NAME: '', OTEL_RESOURCE_ATTRIBUTES: ' service.name = attribute , note=a%3Db,' },
  behaviours: [
    behaviour('takes the name from there', async ({ tracer, span }) => {
      tracer.startSpan('span').end();
      const { resource } = await span();
      assert.deepEqual([resource['service.name'], resource['note']], ['attribute', 'a=b']);
    }),
  ],
};

export const malformedResource: Area = {
  title: 'the resource where OTEL_RESOURCE_ATTRIBUTES is malformed',
  environment: { OTEL_SERVICE_NAME: 'name', OTEL_RESOURCE_ATTRIBUTES: 'team=shop,broken' },
  behaviours: [
    behaviour('has none of these attributes', async ({ tracer, span }) => {
      tracer.startSpan('span').end();
      const { resource } = await span();
      assert.deepEqual([resource['service.name'], resource['team']], ['name', undefined]);
    }),
  ],
};

export const unnamedResource: Area = {
  title: 'the resource where nothing is set',
  environment: { OTEL_SERVICE_NAME: '', OTEL_RESOURCE_ATTRIBUTES: '' },
  behaviours: [
    behaviour('says that the service is unknown', async ({ tracer, span }) => {
      tracer.startSpan('span').end();
      assert.match(textOf((await span()).resource['service.name']), /^unknown_service(:|$)/);
    }),
  ],
};
