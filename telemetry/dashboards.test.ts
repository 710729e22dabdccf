import { describe, expect, it } from 'vitest';
import { METRICS } from './metric-list.ts';
import { dashboard, EXPRESSIONS, OWN, wrongIn } from './testing/expressions.ts';

// Those of Temporal's library are compared with what a worker serves: `worker/telemetry.e2e.test.ts`.
const own = EXPRESSIONS.filter(([, expr]) => !/\btemporal_/.test(expr));

it.each(own)('%s asks only for metrics and labels that exist', (_name, expr, shown) =>
  expect(wrongIn(OWN, expr, shown)).toEqual([]),
);

it('expressions are checked: a metric or label that does not exist is found', () => {
  expect(wrongIn(OWN, 'rate(blok_runs_total[5m])')).toEqual(['blok_runs_total does not exist']);
  expect(wrongIn(OWN, 'sum by (workflow) (blok_open_runs)')).toEqual(['no label workflow']);
  expect(wrongIn(OWN, 'blok_up{host="x"}', '{{ $labels.node }}')).toEqual(['no label host', 'no label node']);
});

describe('the dashboard', () => {
  it('shows every metric of Blok’s own', () => {
    const shown = JSON.stringify(dashboard);
    expect(Object.keys(METRICS).filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('has panels that do not overlap, each with an id of its own', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [n, { gridPos: a }] of panels.entries()) {
      for (const { gridPos: b } of panels.slice(n + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(apart).toBe(true);
      }
    }
  });
});
