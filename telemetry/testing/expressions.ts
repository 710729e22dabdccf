/** The files that operators import, and what is wrong with their expressions. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { METRICS } from '../metric-list.ts';

/** What each series is called in Prometheus, with its labels. */
export type Series = ReadonlyMap<string, readonly string[]>;

const text = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

export const dashboard = JSON.parse(text('grafana-dashboard.json')) as {
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

/** Every expression of both files: whose it is, and what is shown beside its value. */
export const EXPRESSIONS: readonly (readonly [name: string, expr: string, shown: string | undefined])[] = [
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
  ),
  ...rules.map(({ alert, expr, annotations }) => [alert, expr, annotations.summary] as const),
];

/** Blok's own metrics. */
export const OWN: Series = new Map(
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

/** The series of a text as Prometheus reads it. */
export function seriesIn(served: string): Series {
  const found = new Map<string, Set<string>>();
  for (const line of served.split('\n')) {
    const [, name, labels = ''] = /^([a-z_:][\w:]*)(?:\{(.*)\})? /i.exec(line) ?? [];
    if (name === undefined) continue;
    const known = found.get(name) ?? new Set();
    for (const [, label] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label!);
    found.set(name, known);
  }
  return new Map([...found].map(([name, labels]) => [name, [...labels]]));
}

/** Labels that are written in an expression. */
const labelsOf = (expr: string): string[] => [
  ...[...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(',').map((label) => label.trim())),
  ...[...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) =>
    list!.split(',').map((one) => one.split(/[=!]/)[0]!.trim()),
  ),
];

/** What is wrong with an expression, and with what is shown beside its value. */
export function wrongIn(known: Series, expr: string, shown = ''): string[] {
  const names = expr.match(/\b(blok|temporal|process|nodejs)_\w+/g) ?? [];
  const unknown = names.filter((name) => !known.has(name)).map((name) => `${name} does not exist`);
  const labels = [
    ...labelsOf(expr),
    ...[...shown.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label!),
  ];
  const allowed = new Set(names.flatMap((name) => known.get(name) ?? []));
  return [...unknown, ...labels.filter((label) => !allowed.has(label)).map((label) => `no label ${label}`)];
}
