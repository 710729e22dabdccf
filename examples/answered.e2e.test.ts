import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../embedded/process/wait.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { type KillableBlok, startBlok, type Victim } from './testing/start-blok.ts';

const GRAPH = {
  blok: 1,
  name: 'answered',
  nodes: { twice: { uses: 'set', with: { value: { twice: '${{ input.n * 2 }}', at: '${{ now }}' } } } },
  output: '${{ nodes.twice }}',
};
const CALLERS = 4;
/** The kill happens as soon as this many starts have been answered. */
const ANSWERS = 30;

/** A start that was tried, and what was answered: null if nothing was. */
interface Try {
  readonly n: number;
  readonly key: string;
  readonly answer: { readonly id: string; readonly status: string; readonly output: unknown } | null;
}

// A run that ends in its first task has no opening row: what its caller was told must be on disk nevertheless. If its task is
// done again after a kill, at another time, the run must not say another time than its caller was told.
describeWith(['temporal'], 'a start that was answered', () => {
  let blok: KillableBlok;
  beforeAll(async () => {
    blok = await startBlok({ TEMPORAL_CLI_PATH: sharedTemporal().cli });
    const body = JSON.stringify(GRAPH);
    const headers = { 'content-type': 'application/json' };
    await fetch(`${blok.api}/api/workflows/${GRAPH.name}`, { method: 'PUT', headers, body });
  }, 180_000);
  afterAll(() => blok?.stop());

  const start = async (n: number, key: string): Promise<Try['answer']> => {
    const answer = await fetch(`${blok.api}/api/workflows/${GRAPH.name}/runs?wait=10`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ input: { n } }),
    });
    return answer.ok ? ((await answer.json()) as Try['answer']) : null;
  };
  const read = async (id: string) => (await fetch(`${blok.api}/api/runs/${id}?wait=30`)).json();

  /** Starts runs until the kill, which happens in their midst. */
  async function startUntilKilled(victim: Victim): Promise<Try[]> {
    const tries: Try[] = [];
    let killed: Promise<void> | undefined;
    const caller = async (_: unknown, index: number) => {
      for (let n = index; killed === undefined; n += CALLERS) {
        const key = `${victim}-${n}`;
        const answer = await start(n, key).catch(() => null);
        tries.push({ n, key, answer });
        if (tries.length >= ANSWERS) killed ??= blok.kill(victim);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    await killed;
    return tries;
  }

  it.each(['Postgres', 'Temporal', 'Blok', 'all'] as const)(
    'is as it was answered after a kill -9 of %s',
    async (victim) => {
      const tries = await startUntilKilled(victim);
      await blok.heal(victim);
      const answered = tries.filter(({ answer }) => answer?.status === 'succeeded');
      expect(answered.length).toBeGreaterThan(ANSWERS / 2);
      for (const { n, answer } of answered) {
        const { status, output } = answer!;
        expect(output).toMatchObject({ twice: n * 2 });
        expect(await read(answer!.id)).toMatchObject({ status, output });
      }
      for (const { n, key } of tries) {
        const again = await until(() => start(n, key).catch(() => null), { withinMs: 30_000 });
        expect(await read(again!.id)).toMatchObject({ status: 'succeeded', output: { twice: n * 2 } });
      }
    },
    180_000,
  );
});
