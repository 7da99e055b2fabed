import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { buildTraceIndex } from '../data/trace-index.ts';
import { largeTrace } from '../test-kit/large-trace.ts';
import { paintLanes } from './minimap-lanes.ts';
import { layOutScatter, nearestPoint } from './scatter-scale.ts';
import {
  BAR_WIDTH_PX_MIN,
  chooseLabelSide,
  chooseTicks,
  keepInside,
  nanoAt,
  placeBar,
  zoomAround,
} from './time-scale.ts';
import { ROW_HEIGHT_PX, rowsInView, scrollHeightFor, SCROLL_HEIGHT_PX_MAX, scrollTopToShow } from './virtual-window.ts';

const window = { startNano: 0, endNano: 1000 };

describe('bars', () => {
  it('lie where their span lies', () => assert.deepEqual(placeBar(250, 500, window, 800), { x: 200, width: 200 }));
  it('stay visible however short their span', () =>
    assert.equal(placeBar(500, 500, window, 800)?.width, BAR_WIDTH_PX_MIN));
  it('are left out beyond the window', () => {
    assert.equal(placeBar(1001, 1002, window, 800), undefined);
    assert.equal(placeBar(-9, -1, window, 800), undefined);
  });
  it('reach at most a little over the edges, however far the reader zooms', () => {
    const bar = placeBar(-1e15, 1e15, window, 800);
    assert.deepEqual(bar, { x: -4, width: 808 });
  });
});

describe('duration labels', () => {
  const cases: [x: number, width: number, side: string][] = [
    [0, 500, 'inside'],
    [100, 100, 'right'],
    [600, 100, 'left'],
    [520, 400, 'inside'],
    [0, 230, 'right'],
  ];
  for (const [x, width, side] of cases) {
    it(`stand ${side} for a bar of ${width} px at ${x} px of 1000`, () =>
      assert.equal(chooseLabelSide({ x, width }, 1000, 50), side));
  }
});

describe('the time axis', () => {
  it('has round ticks, far enough apart to be read', () => {
    assert.deepEqual(
      chooseTicks({ startNano: 0, endNano: 1_200_000_000 }, 1000, 110),
      [0, 2e8, 4e8, 6e8, 8e8, 1e9, 1.2e9],
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 10, max: 1e12 }), (startNano, length) => {
        const ticks = chooseTicks({ startNano, endNano: startNano + length }, 1000, 100);
        assert.ok(ticks.length <= 11);
        assert.ok(ticks.every((tick) => tick >= startNano && tick <= startNano + length));
      }),
    );
  });

  it('zooms around the pointer and never leaves the trace', () => {
    assert.deepEqual(zoomAround({ startNano: 0, endNano: 1000 }, 500, 0.5, 1000), { startNano: 250, endNano: 750 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 1e9 }),
        (startNano, length, duration) => {
          const kept = keepInside({ startNano, endNano: startNano + length }, duration);
          assert.ok(kept.startNano >= 0 && kept.endNano <= duration && kept.startNano < kept.endNano);
          assert.ok(Number.isInteger(kept.startNano) && Number.isInteger(kept.endNano));
        },
      ),
    );
  });

  it('reads a place on the track as a time', () => assert.equal(nanoAt(400, window, 800), 500));
});

describe('the rows in view', () => {
  it('are as many as fit, wherever the reader scrolls', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rowCount, share) => {
          const viewportPx = 900;
          const wayPx = Math.max(0, scrollHeightFor(rowCount) - viewportPx);
          const rows = rowsInView(rowCount, wayPx * share, viewportPx);
          assert.ok(rows.end - rows.first <= viewportPx / ROW_HEIGHT_PX + 2);
          assert.ok(rows.first >= 0 && rows.end <= rowCount);
        },
      ),
    );
  });

  it('reach the last row even where the scroll way is capped', () => {
    assert.equal(scrollHeightFor(2_000_000), SCROLL_HEIGHT_PX_MAX);
    assert.equal(rowsInView(2_000_000, SCROLL_HEIGHT_PX_MAX - 900, 900).end, 2_000_000);
  });

  it('are scrolled as little as possible to show a row', () => {
    assert.equal(scrollTopToShow(5, 100, 0, 240), 0);
    assert.equal(scrollTopToShow(20, 100, 0, 240), 21 * ROW_HEIGHT_PX - 240);
    assert.equal(scrollTopToShow(2, 100, 480, 240), 48);
  });
});

describe('the minimap', () => {
  it('folds any number of spans into the lanes there are, in far fewer rectangles than spans', () => {
    const runs = paintLanes(buildTraceIndex('large', largeTrace(5_000, 0n)), 600, 24);
    assert.ok(runs.length > 24 && runs.length < 3_000, `${runs.length} rectangles`);
    assert.ok(runs.every((run) => run.lane < 24 && run.x >= 0 && run.x + run.width <= 600));
  });
});

describe('the scatter', () => {
  const area = { widthPx: 400, heightPx: 100, marginPx: 10, marginLeftPx: 10 };
  const point = (startUnixMs: number, durationNano: number) => ({
    traceId: String(startUnixMs),
    startUnixMs,
    durationNano,
    isError: false,
  });
  it('puts later to the right and slower higher', () => {
    const { points, lines } = layOutScatter([point(1, 1e6), point(2, 1e9)], area);
    assert.ok((points[0]?.x ?? 0) < (points[1]?.x ?? 0) && (points[0]?.y ?? 0) > (points[1]?.y ?? 0));
    assert.deepEqual(
      lines.map((line) => line.durationNano),
      [1e6, 1e7, 1e8, 1e9],
    );
  });
  it('finds the point under the pointer', () => {
    const { points } = layOutScatter([point(1, 1e6), point(2, 1e9)], area);
    assert.equal(nearestPoint(points, (points[1]?.x ?? 0) + 3, points[1]?.y ?? 0)?.traceId, '2');
    assert.equal(nearestPoint(points, 200, 50), undefined);
  });
});
