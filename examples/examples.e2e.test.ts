import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { type Case, graphsOf, loadExamples, readExample } from './testing/case.ts';
import { type PlayChain, startPlayChain } from './testing/play-chain.ts';
import { finishCase, type Place, runCase, startCase } from './testing/run-case.ts';
import { startBlok } from './testing/start-blok.ts';

const CASE_MS = 150_000;

let blok: Place & { stop(): Promise<void> };
let chain: PlayChain;

// `npm start`, then `npx blok run` of each example, as its README says.
describeWith(['temporal'], 'examples on a running Blok', () => {
  beforeAll(async () => {
    chain = await startPlayChain();
    // BLOK_EXAMPLES_API and BLOK_EXAMPLES_WORLD: run the examples against a Blok that is already running
    // (BLOK_CHAIN=1 npm start).
    const { BLOK_EXAMPLES_API: api, BLOK_EXAMPLES_WORLD: world = 'http://127.0.0.1:4410/playground' } = process.env;
    blok = api
      ? { api, world, stop: async () => undefined }
      : await startBlok({ TEMPORAL_CLI_PATH: sharedTemporal().cli, PLAYGROUND_CHAIN_URL: chain.urls.join(',') });
  }, 180_000);
  afterAll(async () => {
    await blok?.stop();
    await chain?.close();
  });

  const cases = loadExamples().flatMap(({ name, cases }) => cases.map((one) => ({ name, ending: one.name, one })));
  const run = async ({ one }: { one: Case }) => {
    if (!one.during) return expect(await runCase(blok, one)).toEqual([]);
    const { wrong } = await finishCase(blok, await startCase(blok, one), { limitMs: CASE_MS });
    expect(wrong).toEqual([]);
  };
  const title = '$name: $ending';

  // Several at a time: each uses its own names for what it leaves in the world, and most examples wait.
  it.concurrent.each(cases.filter(({ name }) => !isLimited(name)))(title, { timeout: CASE_MS }, run);
  // One at a time, because runs of a graph with `concurrency` know of each other.
  it.each(cases.filter(({ name }) => isLimited(name)))(title, { timeout: CASE_MS }, run);
});

/** Whether an example limits how many of its runs there may be. */
const isLimited = (name: string): boolean =>
  graphsOf(name).some((file) => /^concurrency:/m.test(readExample(name, file)));
