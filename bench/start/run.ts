import type { Contender, Running } from '../beside/contender.ts';
import { type Cell, measureCell } from '../beside/measure.ts';
import { writeResults } from '../results.ts';
import { startBlok } from './blok.ts';
import { measureMemory, memoryGates, renderMemory } from './memory.ts';
import { startPeer } from './n8n.ts';
import { gatesOf, render } from './report.ts';

/** How many calls are under way at a time, and how many calls a block has. */
const LOADS = [
  { callers: 1, count: 60 },
  { callers: 16, count: 400 },
  { callers: 64, count: 640 },
] as const;

const REPEATS = 3;

/** Runs of the measurement of memory. */
const RUNS = 10_000;

interface Options {
  readonly quick: boolean;
  /** Numbers of callers, and `memory`. */
  readonly shapes?: readonly string[];
  readonly beside?: readonly string[];
  readonly write: boolean;
}

/**
 * Measures a durable start: POST of a run of one `set` node, answered with the end of the run; and the memory that
 * thousands of them leave behind. `beside: ['n8n']`: n8n does the same work in alternating blocks, so that drift of the
 * machine hits both.
 *
 * @returns false if a gate is not met
 */
export async function benchStart(options: Options): Promise<boolean> {
  const isChosen = (shape: string) => options.shapes?.includes(shape) ?? true;
  const contenders: (Contender & Running)[] = [];
  const missed: string[] = [];
  const publish = (section: string, table: string) => {
    console.log(`${table}\n`);
    if (options.write) writeResults(section, table);
  };
  try {
    contenders.push(await startBlok());
    if (options.beside?.includes('n8n')) contenders.push(await startPeer());
    const cells = await measureLoads(contenders, options, isChosen);
    if (cells.length > 0) publish('start', render(cells));
    missed.push(...gatesOf(cells));
    if (isChosen('memory')) {
      const memory = await measureMemory(contenders[0]!, options.quick ? RUNS / 5 : RUNS);
      publish('start-memory', renderMemory(memory));
      missed.push(...memoryGates(memory));
    }
    for (const line of missed) console.error(`gate not met: ${line}`);
    return missed.length === 0;
  } finally {
    for (const product of contenders) await product.stop();
  }
}

async function measureLoads(
  contenders: readonly Contender[],
  { quick }: Options,
  isChosen: (shape: string) => boolean,
): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const given of LOADS) {
    if (!isChosen(String(given.callers))) continue;
    cells.push(...(await measureCell(contenders, given, quick ? 2 : REPEATS)));
    console.error(`${given.callers} callers measured`);
  }
  return cells;
}
