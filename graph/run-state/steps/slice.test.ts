import { describe, expect, it } from 'vitest';
import { createRun, endOverdue, hasEnded, pump, restBefore, startRun } from '../index.ts';
import { DEFAULT_LIMITS } from '../state/create.ts';
import { planOf } from '../testing/game.ts';

const SLICE = 10_000;
const START = Date.UTC(2026, 0, 1);

/** A run that has begun, and whose slices are short. */
function begun(graph: string, version?: number) {
  const facts = { trigger: { id: null }, input: {}, vars: {}, run: { id: 'r' } };
  const limits = { ...DEFAULT_LIMITS, yieldFuel: SLICE };
  const run = createRun({ plan: planOf(graph), facts, now: START, limits, ...(version ? { version } : {}) });
  startRun(run);
  return run;
}

const SPIN =
  'uses: while, with: { state: 0, test: true, max: unlimited }, nodes: { s: { uses: set, with: { value: 1 } } }, output: "${{ state + 1 }}"';

describe('a slice', () => {
  it('is as long wherever the work is: in steps, or in what follows from steps', () => {
    const heavy = 'output: "${{ Array.from({ length: 5000 }).map(x => 1).length }}"';
    const graphs = [
      `nodes: { w: { ${SPIN} } }`,
      `nodes: { e: { uses: forEach, with: { items: "\${{ Array.from({ length: 400 }) }}", concurrency: 400 }, nodes: {}, ${heavy} } }`,
    ];
    for (const graph of graphs) {
      const run = begun(graph);
      for (let n = 0; n < 10 && !hasEnded(run); n++) {
        const before = run.state.fuelUsed;
        expect(pump(run)).toBe('yield');
        expect(run.state.fuelUsed - before).toBeLessThan(SLICE * 2);
      }
    }
  });

  it('does not change what comes out', () => {
    const graph =
      'nodes: { e: { uses: forEach, with: { items: "${{ Array.from({ length: 50 }) }}", concurrency: 50 }, nodes: {}, output: "${{ Array.from({ length: 5000 }).map(x => index).at(-1) }}" } }\noutput: "${{ nodes.e.results }}"';
    const run = begun(graph);
    let slices = 0;
    while (pump(run) === 'yield') slices++;
    expect(slices).toBeGreaterThan(10);
    expect(run.state.output).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});

describe('a rest', () => {
  it('is short at first, and grows to a second for a run that goes on computing', () => {
    const run = begun(`nodes: { w: { ${SPIN} } }`);
    expect(restBefore(run)).toBe(1);
    run.state.fuelUsed += 30_000_000;
    expect(restBefore(run)).toBe(1);
    run.state.fuelUsed += 10_200_000;
    expect(restBefore(run)).toBeGreaterThan(100);
    run.state.fuelUsed += 50_000_000;
    expect(restBefore(run)).toBe(1_000);
  });

  it('is short again after the run has waited', () => {
    const run = begun(`nodes: { w: { ${SPIN} } }`);
    run.state.fuelUsed += 60_000_000;
    expect(restBefore(run)).toBe(1_000);
    run.now += 3_600_000;
    expect(restBefore(run)).toBe(1);
    run.state.fuelUsed += 60_000_000;
    expect(restBefore(run)).toBe(1_000);
  });

  it('is always short in versions before 3', () => {
    const run = begun(`nodes: { w: { ${SPIN} } }`, 2);
    run.state.fuelUsed += 1_000_000_000;
    expect(restBefore(run)).toBe(1);
  });
});

describe('what is overdue', () => {
  const graph = `timeout: 20s\nnodes: { w: { timeout: 10s, onError: continue, ${SPIN} }, v: { needs: [w], ${SPIN} } }`;

  it('ends by its own deadline, then by the deadline of the run', () => {
    const run = begun(graph);
    pump(run);
    run.now = START + 10_000;
    endOverdue(run);
    expect(run.state.ended.at(-1)).toMatchObject({ path: 'w', error: { code: 'timeout' } });
    pump(run);
    run.now = START + 25_000;
    endOverdue(run);
    expect([hasEnded(run), run.state.status]).toEqual([true, 'timed-out']);
  });

  it('ends once: the timer that tells so is taken back', () => {
    const run = begun(graph);
    pump(run);
    run.commands.splice(0);
    run.now = START + 10_000;
    endOverdue(run);
    endOverdue(run);
    expect(run.commands.filter((command) => command.do === 'clearTimer')).toEqual([
      { do: 'clearTimer', key: 'w~timeout' },
    ]);
  });

  it('stays open while the run is paused', () => {
    const run = begun(graph);
    pump(run);
    run.state.paused = true;
    run.now = START + 60_000;
    endOverdue(run);
    expect(hasEnded(run)).toBe(false);
  });
});
