/**
 * Whenever a run is told to stop, no run that it has called goes on: the product's workflow code on a fake Temporal
 * that lets what is on its way arrive in any order. `BLOK_PROPERTY_RUNS` asks for more than these hundreds of moments.
 */
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { catalogue } from '../integrations/describe.ts';
import { startInputOf } from '../worker/testing/graph-worker.ts';
import type { OpenedRun, PageInput, PreparedRun } from './activities.ts';
import { type EffectRequest, INTERPRETER_VERSION, type RunRecord, type StartInput, workflowType } from './contract.ts';
import { drawFrom } from './testing/draw.ts';
import type { Answer, Chain, Draw } from './testing/fake-server.ts';
import { fakeTemporal } from './testing/fake-temporal.ts';
import { openSandbox, type Sandbox } from './testing/sandbox.ts';

const RUNS = Number(process.env.BLOK_PROPERTY_RUNS ?? 40);
/** More moves than any of these runs takes. */
const MOST_MOVES = 5_000;

const graph = (nodes: string, rest = '') => `blok: 1\nname: caller\n${rest}\nnodes:\n${nodes}`;
const CALL = '{ uses: workflow.run, with: { workflow: child } }';
const HTTP = '{ uses: http.request, retry: { maxAttempts: 1 }, with: { url: "https://x.example" } }';

/** Why a called run may have to stop: each calls `child`, which waits for an hour. */
const CALLERS = {
  'a cancel': graph(`  call: ${CALL}`),
  'a failure beside it': graph(`  bad: ${HTTP}\n  call: ${CALL}`),
  'a lost race': graph(`  r:\n    uses: race\n    nodes: { fast: ${HTTP}, call: ${CALL} }`),
  'the timeout of the graph': graph(`  call: ${CALL}`, 'timeout: 1s'),
  'a timeout of its own': graph('  call: { uses: workflow.run, timeout: 1s, with: { workflow: child } }'),
  'the timeout of what it is in': graph(
    `  t:\n    uses: try\n    timeout: 1s\n    nodes: { call: ${CALL} }\n    finally: { nodes: { last: ${HTTP} } }`,
  ),
  'a stop beside it': graph(`  first: ${HTTP}\n  end: { uses: stop, needs: [first] }\n  call: ${CALL}`),
  'the failure of another item': graph(
    `  each:\n    uses: forEach\n    concurrency: 20\n    with: { items: [1, 2, 3, 4, 5, 6] }\n    nodes: { bad: ${HTTP}, call: ${CALL} }`,
  ),
  'a cancel that is undone': graph(
    `  call: { uses: workflow.run, with: { workflow: child }, compensate: ${HTTP} }\n  bad: ${HTTP}`,
  ),
  'a cancel deep down': graph('  call: { uses: workflow.run, with: { workflow: middle } }'),
  // The items are shared among child workflows that run one item after another.
  'a cancel of a long loop': graph(
    `  each:\n    uses: forEach\n    concurrency: 20\n    with: { items: ${JSON.stringify(Array(501).fill(1))} }\n    nodes: { call: ${CALL} }`,
  ),
  // Two items make a page, three make a share. Every third item calls.
  'a cancel between the pages of a long loop': graph(
    `  each:\n    uses: forEach\n    concurrency: 20\n    with: { items: ${JSON.stringify(Array(501).fill(1))} }\n    nodes: { call: { uses: workflow.run, if: "\${{ index % 3 == 2 }}", with: { workflow: child } } }`,
  ),
  'a failure in a long loop': graph(
    `  each:\n    uses: forEach\n    concurrency: 20\n    with: { items: ${JSON.stringify(Array(501).fill(1))} }\n    nodes: { bad: ${HTTP}, call: ${CALL} }`,
  ),
  'a cancel in a round': graph(
    `  loop:\n    uses: while\n    with: { while: true }\n    nodes: { first: ${HTTP}, call: { uses: workflow.run, timeout: 1s, onError: continue, with: { workflow: child } } }`,
  ),
};

const CALLED: Record<string, string> = {
  child: 'blok: 1\nname: child\nnodes: { w: { uses: wait, with: { for: 1h } } }',
  middle: `blok: 1\nname: middle\nnodes: { a: ${CALL}, b: { uses: workflow.run, with: { workflow: child } } }`,
};

describe('called runs', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox();
  }, 120_000);

  it.each(Object.entries(CALLERS))(
    'stop by %s',
    async (_reason, caller) => {
      for (let n = 0; n < RUNS; n++) {
        const seed = inject('seed') + n;
        const { called, rows, root } = await play(sandbox, caller, seed);
        const left = called.filter(({ status }) => status === 'open').map(({ workflowId }) => workflowId);
        expect({ seed, left, root: root.status === 'open' }).toEqual({ seed, left: [], root: false });
        const unknown = [...rows].filter(
          ([id, status]) => status === 'running' || !called.some((c) => c.workflowId === id),
        );
        expect({ seed, unknown }).toEqual({ seed, unknown: [] });
      }
    },
    600_000,
  );

  it('go on if no step waits for them', async () => {
    const caller = graph(
      `  call: { uses: workflow.run, with: { workflow: child, wait: false } }\n  bad: ${HTTP}\n  w: { uses: wait, with: { for: 1h } }`,
    );
    let begun = 0;
    for (let n = 0; n < RUNS; n++) {
      const seed = inject('seed') + n;
      const { called, root } = await play(sandbox, caller, seed);
      begun += called.length;
      expect({ seed, root: root.status, cancels: called.reduce((sum, { cancels }) => sum + cancels, 0) }).toMatchObject(
        {
          seed,
          cancels: 0,
        },
      );
    }
    expect(begun).toBeGreaterThan(0);
  }, 600_000);

  it('are undone if they have begun, and only then', async () => {
    const seen = { begun: 0, not: 0 };
    for (let n = 0; n < RUNS; n++) {
      const seed = inject('seed') + n;
      const { called, steps } = await play(sandbox, CALLERS['a cancel that is undone'], seed);
      const begun = called.length > 0;
      seen[begun ? 'begun' : 'not']++;
      expect({ seed, undone: steps.includes('call.compensate') }).toEqual({ seed, undone: begun });
    }
    expect(Math.min(seen.begun, seen.not)).toBeGreaterThan(0);
  }, 600_000);

  it('went on in versions that did not see their starts through', async () => {
    let left = 0;
    for (let n = 0; n < 1_000 && left === 0; n++) {
      const { called } = await play(sandbox, CALLERS['a cancel'], inject('seed') + n, 1);
      left += called.filter(({ status }) => status === 'open').length;
    }
    expect(left).toBeGreaterThan(0);
  }, 600_000);
});

interface Played {
  readonly root: Chain;
  readonly called: readonly Chain[];
  /** Steps whose activities were carried out. */
  readonly steps: readonly string[];
  /** What the index says about the called runs. */
  readonly rows: ReadonlyMap<string, string>;
}

/**
 * Plays a run until everything that it started has ended. The run is cancelled at a drawn moment, or when nothing else
 * can happen.
 */
async function play(sandbox: Sandbox, caller: string, seed: number, version = INTERPRETER_VERSION): Promise<Played> {
  const draw = drawFrom(seed);
  const rows = new Map<string, string>();
  const steps: string[] = [];
  const temporal = fakeTemporal(sandbox, {
    draw,
    longestTimerMs: 60_000,
    suggestsOneIn: draw(2) * 8,
    sink: (name, input: never) => {
      if (name === 'open') rows.set((input as OpenedRun).workflowId, 'running');
      else rows.set((input as RunRecord).workflowId, (input as RunRecord).status);
    },
    answer: (type, input: EffectRequest) => {
      steps.push(input.step);
      return answerOf(type, input, draw, version);
    },
  });
  temporal.start(workflowType('caller'), 'root', { ...startOf(caller), interpreterVersion: version, runId: 'root' });
  const root = temporal.chains.get('root')!;
  const moment = draw(40);
  const pause = draw(60);
  for (let move = 0; move < MOST_MOVES; move++) {
    if (move === pause) temporal.pause('root');
    if (move === moment) temporal.cancel('root');
    if (await temporal.step()) continue;
    if (root.status !== 'open' || root.cancels > 0) break;
    temporal.cancel('root');
  }
  await temporal.dispose();
  rows.delete('root');
  return { root, called: [...temporal.chains.values()].filter((chain) => chain !== root), steps, rows };
}

function answerOf(type: string, input: unknown, draw: Draw, version: number): Answer {
  if (type === 'workflow.run') return { output: { output: prepared(input as EffectRequest, version), meta: META } };
  if (type === 'blokAwait') return { awaits: (input as { workflowId: string }).workflowId };
  if (type === 'blokWaits') return { output: [] };
  if (type === 'blokSplit') return { output: { ref: { sha256: 'list', size: 1 }, count: ITEMS } };
  if (type === 'blokPage') return { output: pageOf(input as PageInput) };
  if (type === 'blokGather') return { output: { output: null, meta: META } };
  if (type.startsWith('blok')) return { output: null };
  return draw(2) === 0 ? { fails: 'http.400' } : { output: { output: { status: 200 }, meta: META } };
}

/** Items of a long loop, as the fake store has them: few, so that the runs of a page end soon. */
const ITEMS = 24;
const PAGE = 2;

function pageOf({ from, to }: PageInput) {
  const count = Math.min(PAGE, to - from);
  return { items: { value: Array(count).fill(1) }, count };
}

const META = { attempt: 1, startedAt: '2030-01-01T00:00:00.000Z', endedAt: '2030-01-01T00:00:00.000Z' };

function prepared(request: EffectRequest, version: number): PreparedRun {
  const { workflow, wait = true } = request.with as { workflow: string; wait?: boolean };
  const start = { ...startOf(CALLED[workflow]!), interpreterVersion: version, runId: request.idempotencyKey };
  return { workflowId: request.idempotencyKey, workflowType: workflowType(workflow), wait, start };
}

const FACTS = catalogue();
const starts = new Map<string, StartInput>();

/** Each graph is compiled once. */
function startOf(text: string): StartInput {
  const start = starts.get(text) ?? startInputOf(text, FACTS);
  starts.set(text, start);
  return start;
}
