/**
 * Exits with 1 if any promise was broken.
 *
 * - `npm run fuzz -- expressions [--count N] [--seed N]`: random expressions
 * - `npm run fuzz -- prices`: every operation until all fuel is spent, and hostile expressions of the past; needs a machine without
 *   other work
 */
import { parseArgs } from 'node:util';
import { type FuzzReport, fuzzScope, LIMIT_MS, newReport, tryOut } from './expressions.ts';
import { KILL_CORPUS } from './kill-corpus.ts';
import { PRICE_CORPUS, priceScope } from './price-corpus.ts';
import { type Outcome, runStretch } from './stretches.ts';

const USAGE = 'usage: npm run fuzz -- expressions [--count 1000000] [--seed N], or npm run fuzz -- prices';
const STRETCH = 50_000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
});
const count = Number(values.count);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const [kind] = positionals;
if (positionals.length !== 1 || !Number.isInteger(count) || !Number.isInteger(seed)) {
  console.error(USAGE);
  process.exit(2);
}

const total = newReport();
const deaths: Outcome['deaths'][number][] = [];
/** Operations whose price is never tried, because the parser refuses them. */
let unusable = 0;
const started = performance.now();
if (kind === 'expressions') await tryRandom();
else if (kind === 'prices') tryPrices();
else {
  console.error(USAGE);
  process.exit(2);
}
print(total);
if (unusable + deaths.length + total.faults.length + total.slow.length > 0) process.exitCode = 1;

function tryPrices(): void {
  const scope = priceScope();
  for (const source of PRICE_CORPUS) tryOut(source, scope, total);
  unusable = total.refused;
  for (const source of KILL_CORPUS) tryOut(source, fuzzScope(), total);
}

async function tryRandom(): Promise<void> {
  console.log(`seed ${seed}: ${count} sources`);
  for (let from = 0; from < count; from += STRETCH) {
    const outcome = await runStretch({ seed, from, count: Math.min(STRETCH, count - from) });
    for (const report of outcome.reports) addReport(total, report);
    deaths.push(...outcome.deaths);
    const done = Math.min(count, from + STRETCH);
    console.log(
      `${done} done, ${deaths.length} deaths, ${total.faults.length} faults, slowest ${total.maxMs.toFixed(1)} ms`,
    );
  }
}

function addReport(into: FuzzReport, more: FuzzReport): void {
  for (const key of ['count', 'refused', 'values', 'needsData'] as const) into[key] += more[key];
  for (const [reason, times] of Object.entries(more.errors)) into.errors[reason] = (into.errors[reason] ?? 0) + times;
  into.slow.push(...more.slow);
  into.faults.push(...more.faults);
  into.maxRssMb = Math.max(into.maxRssMb, more.maxRssMb);
  if (more.maxMs > into.maxMs) {
    into.maxMs = more.maxMs;
    into.slowest = more.slowest;
  }
}

function print(report: FuzzReport): void {
  const seconds = (performance.now() - started) / 1000;
  console.log(`\n${report.count} sources in ${seconds.toFixed(0)} s (seed ${seed})`);
  console.log(`  refused by the parser  ${report.refused}`);
  console.log(`  values                 ${report.values}`);
  console.log(`  needs data             ${report.needsData}`);
  for (const [reason, times] of Object.entries(report.errors))
    console.log(`  ${`error ${reason}`.padEnd(22)} ${times}`);
  console.log(`  process deaths         ${deaths.length}`);
  console.log(`  faults                 ${report.faults.length}`);
  console.log(`  over ${LIMIT_MS} ms             ${report.slow.length}`);
  console.log(`  slowest                ${report.maxMs.toFixed(1)} ms: ${report.slowest.slice(0, 200)}`);
  console.log(`  largest process        ${report.maxRssMb} MB`);
  for (const { index, source, how } of deaths) console.log(`DEATH at ${index}, ${how}: ${source.slice(0, 500)}`);
  for (const { source, what } of report.faults.slice(0, 20)) console.log(`FAULT ${what}: ${source.slice(0, 500)}`);
  for (const source of report.slow.slice(0, 20)) console.log(`SLOW ${source.slice(0, 500)}`);
}
