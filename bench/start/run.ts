import { writeResults } from '../results.ts';
import { startBlok } from './blok.ts';
import { type Cell, measureCell } from './measure.ts';
import { startN8n } from './n8n.ts';
import type { Product } from './product.ts';
import { gatesOf, render } from './report.ts';

/** How many calls are under way at a time, and how many calls a block has. */
const LOADS = [
  { callers: 1, count: 60 },
  { callers: 16, count: 400 },
  { callers: 64, count: 640 },
] as const;

const REPEATS = 3;

/**
 * Measures a durable start: POST of a run of one `set` node, answered with the end of the run. `beside: ['n8n']`:
 * n8n does the same work in alternating blocks, so that drift of the machine hits both.
 *
 * @returns false if a gate is not met
 */
export async function benchStart(options: {
  quick: boolean;
  shapes?: readonly string[];
  beside?: readonly string[];
  write: boolean;
}): Promise<boolean> {
  const products: Product[] = [];
  try {
    products.push(await startBlok());
    if (options.beside?.includes('n8n')) products.push(await startN8n());
    const cells: Cell[] = [];
    for (const given of LOADS) {
      if (options.shapes && !options.shapes.includes(String(given.callers))) continue;
      cells.push(...(await measureCell(products, given, options.quick ? 2 : REPEATS)));
      console.error(`${given.callers} callers measured`);
    }
    const table = render(cells);
    console.log(table);
    if (options.write) writeResults('start', table);
    const missed = gatesOf(cells);
    for (const line of missed) console.error(`gate not met: ${line}`);
    return missed.length === 0;
  } finally {
    for (const product of products) await product.stop();
  }
}
