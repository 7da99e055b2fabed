import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_ANSWER, NOT_SENT } from '../../attack/shots.ts';
import { readSamples } from './samples.ts';

/** As k6 1.8 wrote them, shortened. */
const HEADER = 'metric_name,timestamp,metric_value,error_code,group,scenario,status,extra_tags,metadata';

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n');
}

function read(
  rows: readonly string[],
  scenarios: readonly string[] = ['before', 'after'],
): ReturnType<typeof readSamples> {
  return readSamples(linesOf([HEADER, ...rows, ''].join('\n')), scenarios);
}

describe('k6’s samples', () => {
  it('become requests in the order of their starts: the end of each less what it took', async () => {
    const { shots, failures } = await read([
      'http_reqs,1795878540020000,1.000000,,,before,200,phase=before,',
      'http_req_duration,1795878540030000,10.250000,,,before,200,phase=before,',
      'http_req_waiting,1795878540030000,9.000000,,,before,200,phase=before,',
      'http_req_duration,1795878540100000,100.000000,,,before,503,phase=before,',
      'http_req_duration,1795878540200000,0.000000,1212,,after,0,phase=after,',
      'iteration_duration,1795878540100000,100.500000,,,before,,phase=before,',
    ]);
    assert.deepEqual(shots.dueUs, [0, 19_750, 200_000]);
    assert.deepEqual(shots.latencyUs, [100_000, 10_250, 0]);
    assert.deepEqual(shots.status, [503, 200, NO_ANSWER]);
    assert.deepEqual(shots.latenessUs, [0, 0, 0]);
    assert.deepEqual(failures, { 'k6 error 1212': 1 });
  });

  it('leave out what is no load: setup, and the switching of faults', async () => {
    const { shots } = await read([
      'http_req_duration,1795878540030000,10.000000,,::setup,,200,,',
      'http_req_duration,1795878540030000,10.000000,,,faults_on,200,,',
    ]);
    assert.deepEqual(shots.status, []);
  });

  it('count dropped iterations as requests that were due and not sent', async () => {
    const { shots } = await read([
      'http_req_duration,1795878540030000,10.000000,,,before,200,phase=before,',
      'dropped_iterations,1795878540050000,2.000000,,,before,,phase=before,',
      'dropped_iterations,1795878540060000,0.000000,,,before,,phase=before,',
    ]);
    assert.deepEqual(shots.status, [200, NOT_SENT, NOT_SENT]);
    assert.deepEqual(shots.dueUs, [0, 30_000, 30_000]);
  });

  it('are refused without a column that is needed, or with what is no number', async () => {
    await assert.rejects(readSamples(linesOf('metric_name,timestamp,metric_value,status,scenario\n'), []), {
      name: 'NotHeldError',
      message: /should have the column error_code: they have metric_name, timestamp/,
    });
    for (const row of [
      'http_req_duration,soon,10.0,,,before,200,,',
      'http_req_duration,1,,,,before,200,,',
      'http_req_duration,1,2,,,before,,,',
    ])
      await assert.rejects(read([row]), /should have numbers: a line was "http_req_duration/);
  });

  it('may be none', async () => {
    const { shots, failures } = await read([]);
    assert.deepEqual([shots.status, failures], [[], {}]);
  });
});
