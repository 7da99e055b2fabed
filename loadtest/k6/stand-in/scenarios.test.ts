/** What k6 is told about each scenario: its executors, thresholds and variables. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { spikeRate } from '../../pace/rate-profile.ts';
import { SCENARIO_NAMES, requestsIn, switchTimes } from '../script/scenarios.ts';
import { readDuration, readSettings } from '../script/settings.ts';
import { loadScript, standInForK6, type Script } from './load-script.ts';

before(standInForK6);

async function optionsOf(environment: Readonly<Record<string, string>>): Promise<Script['options']> {
  return (await loadScript(environment)).options;
}

function courseOf({ scenarios }: Script['options']): unknown[] {
  return Object.entries(scenarios).map(([name, it]) => [name, it['rate'], it['startTime'], it['duration']]);
}

describe('a k6 scenario', () => {
  it('fails on dropped iterations, and judges every phase by its own thresholds', async () => {
    for (const SCENARIO of SCENARIO_NAMES) {
      const { scenarios, thresholds } = await optionsOf({ SCENARIO });
      assert.deepEqual(thresholds['dropped_iterations'], ['count==0'], SCENARIO);
      const loads = Object.entries(scenarios).filter(([, it]) => it['executor'] === 'constant-arrival-rate');
      assert.ok(loads.length > 0);
      for (const [phase, load] of loads) {
        assert.deepEqual(load['tags'], { phase }, `${SCENARIO} ${phase}`);
        assert.deepEqual(thresholds[`http_reqs{phase:${phase}}`], ['count>0']);
        assert.ok((thresholds[`http_req_failed{phase:${phase}}`] ?? []).length > 0);
      }
    }
  });

  it('is steady where none is named, at the rate and for the time that are given', async () => {
    const options = await optionsOf({ RATE: '40', DURATION: '2m' });
    assert.deepEqual(courseOf(options), [['steady', 40, '0ms', '120000ms']]);
    const { steady } = options.scenarios;
    assert.deepEqual([steady?.['timeUnit'], steady?.['preAllocatedVUs'], steady?.['maxVUs']], ['1s', 40, 80]);
  });

  it('lets nothing fail in a smoke', async () => {
    const { thresholds } = await optionsOf({ SCENARIO: 'smoke' });
    assert.deepEqual(thresholds['http_req_failed{phase:smoke}'], ['rate==0']);
    assert.deepEqual(thresholds['checks{phase:smoke}'], ['rate==1']);
  });

  it('sends the spike that attack sends', async () => {
    const options = await optionsOf({ SCENARIO: 'spike', RATE: '20', SPIKE_RATE: '200', DURATION: '10s' });
    assert.deepEqual(courseOf(options), [
      ['before', 20, '0ms', '4000ms'],
      ['spike', 200, '4000ms', '2000ms'],
      ['after', 20, '6000ms', '4000ms'],
    ]);
    const attack = spikeRate(20, { rate: 200, afterMs: 4000, durationMs: 2000 });
    const { phases } = readSettings({ SCENARIO: 'spike', RATE: '20', SPIKE_RATE: '200', DURATION: '10s' });
    assert.equal(requestsIn(phases), attack.countBy(10_000));
  });

  it('soaks half an hour, its first and last tenth told apart', async () => {
    assert.deepEqual(courseOf(await optionsOf({ SCENARIO: 'soak' })), [
      ['early', 10, '0ms', '180000ms'],
      ['middle', 10, '180000ms', '1440000ms'],
      ['late', 10, '1620000ms', '180000ms'],
    ]);
  });

  it('switches its faults between phases, asks that they show, and that nothing shows outside of them', async () => {
    const { scenarios, thresholds } = await optionsOf({ SCENARIO: 'faults' });
    assert.deepEqual(courseOf({ scenarios, thresholds }).slice(0, 3), [
      ['before', 10, '0ms', '10000ms'],
      ['during', 10, '12000ms', '10000ms'],
      ['after', 10, '24000ms', '10000ms'],
    ]);
    assert.deepEqual(switchTimes(readSettings({ SCENARIO: 'faults' }).phases), { onMs: 11_000, offMs: 23_000 });
    const { faults_on: on, faults_off: off } = scenarios;
    assert.deepEqual([on?.['exec'], on?.['startTime'], on?.['iterations']], ['switchFaultsOn', '11000ms', 1]);
    assert.deepEqual([off?.['exec'], off?.['startTime'], off?.['iterations']], ['switchFaultsOff', '23000ms', 1]);
    assert.deepEqual(thresholds['http_req_failed{phase:during}'], ['rate>0.05', 'rate<0.5']);
    assert.deepEqual(thresholds['slow_checkouts{phase:during}'], ['rate>0.1', 'rate<0.75']);
    for (const phase of ['before', 'after']) {
      assert.deepEqual(thresholds[`http_req_failed{phase:${phase}}`], ['rate<0.01']);
      assert.deepEqual(thresholds[`slow_checkouts{phase:${phase}}`], ['rate<0.1']);
    }
  });
});

describe('the variables of a k6 run', () => {
  const refuses = (environment: Readonly<Record<string, string>>, message: RegExp): void =>
    assert.throws(() => readSettings(environment), { name: 'RangeError', message });

  it('refuses a scenario that there is not, naming those that there are', () => {
    for (const SCENARIO of ['', 'stress', 'Spike'])
      refuses({ SCENARIO }, /SCENARIO should be one of smoke, steady, spike, soak, faults: was/);
  });

  it('refuses a rate, a duration or a client rate that k6 would misread', () => {
    for (const RATE of ['0', '1.5', 'fast', '10001']) refuses({ RATE }, /^RATE should be a whole number .* was/);
    refuses({ SCENARIO: 'spike', SPIKE_RATE: '0' }, /^SPIKE_RATE should be a whole number .* was "0"/);
    for (const DURATION of ['30', 'soon', '-1s', '10ms', '999h', ''])
      refuses({ DURATION }, /DURATION should be like 30s or 2m, .*: was/);
    for (const CLIENT_RATE of ['-0.5', '1.01', 'all', ' '])
      refuses({ CLIENT_RATE }, /CLIENT_RATE should be a number from 0 to 1, or -1 for no traceparent: was/);
  });

  it('refuses a phase that k6 would refuse', () => {
    refuses({ SCENARIO: 'spike', DURATION: '4s' }, /every phase .* at least 1 s in k6: spike would last 800 ms/);
  });

  it('refuses to tell faults from chance with too few requests', () => {
    refuses({ SCENARIO: 'faults', DURATION: '29s' }, /at least 100 requests .* RATE and DURATION make 97/);
  });

  it('reads k6’s durations', () => {
    assert.deepEqual(
      ['1s', '1500ms', '1m30s', '1.5m', '2h'].map(readDuration),
      [1000, 1500, 90_000, 90_000, 7_200_000],
    );
  });
});
