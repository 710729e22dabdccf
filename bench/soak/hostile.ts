import type { Json, JsonObject } from '../../graph/json.ts';
import { type Flood, floodsOn } from '../neighbours/floods.ts';

/** The time limit of every hostile run: when it is over, the run must have ended. */
export const LIMIT_S = 60;

/** A request that costs as much as it can, with the answers that are right. */
export interface Attack {
  readonly name: string;
  readonly runs: readonly { readonly graph: JsonObject; readonly input?: Json }[];
  /** Whether the API must refuse the request. Absent: the request starts a run, which ends by its limit. */
  readonly refused?: boolean;
}

/** Everything that is started beside the ordinary runs, in turn. `outside`: address of the service that steps call. */
export const attacksOn = (outside: string): Attack[] => [
  ...floodsOn(outside).map(limited),
  ...schemas(),
  ...memory(),
  ...answers(outside),
];

/** A flood whose runs end by themselves. */
const limited = ({ name, runs }: Flood): Attack => ({
  name,
  runs: runs.map(({ graph, ...rest }) => ({ ...rest, graph: { timeout: `${LIMIT_S}s`, ...graph } })),
});

const graph = (name: string, more: JsonObject): JsonObject => ({
  blok: 1,
  execution: 'durable',
  name: `soak-${name}`,
  timeout: `${LIMIT_S}s`,
  nodes: {},
  output: 1,
  ...more,
});

/** Schemas and patterns that take long to check. */
function schemas(): Attack[] {
  const attack = (name: string, schema: JsonObject, input: Json): Attack => ({
    name,
    runs: [{ graph: graph('schema', { input: schema }), input }],
    refused: true,
  });
  const levels = Array.from({ length: 26 }, (_, i) => {
    const next = { $ref: `#/$defs/d${i + 1}` };
    return [`d${i}`, { allOf: [next, next] }];
  });
  return [
    attack('a schema that answers later', { $async: true, required: ['zzz'] }, {}),
    attack(
      'a schema that doubles',
      { $ref: '#/$defs/d0', $defs: { ...Object.fromEntries(levels), d26: { type: 'object' } } },
      {},
    ),
    attack(
      'a long list of unique items',
      { properties: { l: { uniqueItems: true } } },
      { l: Array.from({ length: 9_000 }, (_, i) => ({ i })) },
    ),
    attack(
      'a pattern of a thousand parts',
      { properties: { s: { pattern: '(.*.*.*.*.*.*){1000}' } } },
      { s: 'a'.repeat(3_000) },
    ),
  ];
}

/** Runs that hold as much as they can. */
function memory(): Attack[] {
  const text = "${{ 'x'.repeat(1000000) + index }}";
  const items = '${{ Array.from({ length: 450 }) }}';
  const fat = graph('fat', {
    nodes: {
      e: {
        uses: 'forEach',
        with: { items, concurrency: 100 },
        nodes: { s: { uses: 'set', with: { value: text } } },
        output: '${{ nodes.s }}',
      },
    },
  });
  return [{ name: '450 MB in a list', runs: [{ graph: fat }, { graph: fat }] }];
}

/** Answers of a service with as many values as they may have, and with more. */
function answers(outside: string): Attack[] {
  const empty = (count: number): JsonObject =>
    graph('empty', {
      nodes: { a: { uses: 'http.request', with: { url: `${outside}/empty/${count}` } } },
      output: '${{ nodes.a.body.length }}',
    });
  return [
    { name: '400,000 empty objects', runs: [{ graph: empty(400_000) }, { graph: empty(400_000) }] },
    { name: '3,000,000 empty objects', runs: [{ graph: empty(3_000_000) }] },
  ];
}
