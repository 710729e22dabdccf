import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from './metric-list.ts';

const text = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const dashboard = JSON.parse(text('grafana-dashboard.json')) as {
  panels: {
    id: number;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { expr: string; legendFormat?: string }[];
  }[];
};
const { groups } = parse(text('prometheus-alerts.yaml')) as {
  groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
};
const rules = groups.flatMap((group) => group.rules);

/** What each metric is called in Prometheus, with its labels. */
const KNOWN = new Map<string, readonly string[]>(
  Object.entries(METRICS).flatMap(([name, { type, labels }]): [string, readonly string[]][] =>
    type === 'histogram'
      ? [
          [`${name}_bucket`, [...labels, 'le']],
          [`${name}_count`, labels],
          [`${name}_sum`, labels],
        ]
      : [[name, labels]],
  ),
);

/** Labels that are written in an expression. */
const labelsOf = (expr: string): string[] => [
  ...[...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(',').map((label) => label.trim())),
  ...[...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) =>
    list!.split(',').map((one) => one.split(/[=!]/)[0]!.trim()),
  ),
];

/** What is wrong with an expression. */
function wrongIn(expr: string, shown = ''): string[] {
  const own = expr.match(/\bblok_\w+/g) ?? [];
  const unknown = own.filter((name) => !KNOWN.has(name)).map((name) => `${name} does not exist`);
  const isAboutTemporal = /\btemporal_/.test(expr);
  const labels = [
    ...labelsOf(expr),
    ...[...shown.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label!),
  ];
  const allowed = new Set(own.flatMap((name) => KNOWN.get(name) ?? []));
  const foreign = isAboutTemporal
    ? []
    : labels.filter((label) => !allowed.has(label)).map((label) => `no label ${label}`);
  return [...unknown, ...foreign];
}

describe('the dashboard', () => {
  it.each(dashboard.panels.flatMap(({ title, targets }) => targets.map((target) => [title, target] as const)))(
    'asks only for metrics and labels that exist: %s',
    (_title, { expr, legendFormat }) => expect(wrongIn(expr, legendFormat)).toEqual([]),
  );

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

describe('the alerts', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    'ask only for metrics and labels that exist: %s',
    (_name, rule) => expect(wrongIn(rule.expr, rule.annotations.summary)).toEqual([]),
  );

  it('are checked: a metric or label that does not exist is found', () => {
    expect(wrongIn('rate(blok_runs_total[5m])')).toEqual(['blok_runs_total does not exist']);
    expect(wrongIn('sum by (workflow) (blok_open_runs)')).toEqual(['no label workflow']);
    expect(wrongIn('blok_up{host="x"}', '{{ $labels.node }}')).toEqual(['no label host', 'no label node']);
  });
});
