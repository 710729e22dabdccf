/** A webhook that was answered 2xx has exactly one run, whatever is killed; and callers that wait are told the truth. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../embedded/process/wait.ts';
import { randomOf } from '../scripts/fuzz/random.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { type Delivered, deliver, deliveriesOf } from './testing/deliveries.ts';
import { type Fleet, type Member, startFleet } from './testing/fleet.ts';
import { type OutsideWorld, startOutsideWorld } from './testing/outside-world.ts';
import { type Answer, askUntil, wrongIn } from './testing/waiting-callers.ts';

/** `BLOK_KILLS=all`: ten thousand webhooks, and each process several times. Otherwise each once, among a few hundred. */
const ALL = process.env.BLOK_KILLS === 'all';
const WEBHOOKS = ALL ? 10_000 : 320;
const ROUNDS = ALL ? 4 : 1;
const SENDERS = 12;
/** Callers that wait at the same time, and for how long they go on calling. */
const CALLERS = 64;
const CALLING_MS = ALL ? 60_000 : 10_000;

const seed = inject('seed');

/** `told` tells the outside world; `silent` only computes, so the API executes it; `asked` answers its caller. */
const graphs = (world: string) => {
  const webhook = { uses: 'webhook', with: { verify: 'none', dedupe: '${{ trigger.body.event }}' } };
  const json = { event: '${{ trigger.body.event }}', run: '${{ run.id }}' };
  const tell = { uses: 'http.request', with: { method: 'POST', url: `${world}/effects/told`, json } };
  const asked = { verify: 'none', reply: 'sync', replyWithin: '5s' };
  const body = { n: '${{ trigger.body.n }}', twice: '${{ trigger.body.n * 2 }}', told: '${{ nodes.tell.status }}' };
  return {
    told: { triggers: { in: webhook }, nodes: { tell } },
    silent: {
      triggers: { in: webhook },
      nodes: { a: { uses: 'set', with: { value: '${{ trigger.body.event }}' } } },
      output: '${{ nodes.a }}',
    },
    asked: {
      triggers: { in: { uses: 'webhook', with: asked } },
      nodes: {
        tell: { ...tell, with: { ...tell.with, url: `${world}/effects/asked`, json: { n: '${{ trigger.body.n }}' } } },
        answer: { uses: 'respond', needs: ['tell'], with: { status: 200, body } },
      },
      output: body,
    },
  };
};

describeWith(['temporal'], 'triggers', () => {
  let outside: OutsideWorld;
  let fleet: Fleet;
  const hooks = {} as Record<'told' | 'silent' | 'asked', string>;

  beforeAll(async () => {
    outside = await startOutsideWorld();
    fleet = await startFleet({ BLOK_ALLOW_HOSTS: new URL(outside.world).host });
    for (const [name, graph] of Object.entries(graphs(outside.world))) {
      const answer = await call('PUT', `/api/workflows/${name}`, { graph: { blok: 1, name, ...graph } });
      expect([name, answer]).toEqual([name, expect.objectContaining({ version: 1 })]);
      const { items } = (await call('GET', `/api/workflows/${name}/triggers`)) as { items: { address: string }[] };
      hooks[name as keyof typeof hooks] = new URL(items[0]!.address).pathname;
    }
  }, 300_000);
  afterAll(async () => {
    await fleet?.stop();
    await outside?.close();
  }, 60_000);

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${fleet.apis[1]}${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.json();
  }

  /** Every run of a workflow, as the API lists them. */
  async function runsOf(workflow: string): Promise<{ id: string; status: string }[]> {
    const runs: { id: string; status: string }[] = [];
    for (let next = ''; ; ) {
      const after = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
      const page = (await call('GET', `/api/runs?workflow=${workflow}&limit=100${after}`)) as {
        items: typeof runs;
        next?: string | null;
      };
      runs.push(...page.items);
      if (!page.next) return runs;
      next = page.next;
    }
  }

  /** The runs that have told the outside world of each event. */
  async function told(): Promise<Map<string, Set<string>>> {
    const { items } = (await (await fetch(`${outside.world}/effects`)).json()) as {
      items: { name: string; data: { event: string; run: string } }[];
    };
    const runs = new Map<string, Set<string>>();
    for (const { name, data } of items)
      if (name === 'told') runs.set(data.event, (runs.get(data.event) ?? new Set()).add(data.run));
    return runs;
  }

  it(`start one run for each of ${WEBHOOKS} webhooks, although everything is killed in turn`, {
    timeout: ALL ? 1_800_000 : 240_000,
  }, async () => {
    const random = randomOf(seed, 1);
    const left = deliveriesOf(WEBHOOKS, [hooks.told, hooks.silent], random);
    const victims = Array.from({ length: ROUNDS }, () => shuffled(fleet.members, random)).flat();
    const sent = left.length;
    const delivered: Delivered[] = [];
    const sender = async (_: unknown, index: number) => {
      const own = randomOf(seed, 100 + index);
      for (let next = left.shift(); next; next = left.shift()) delivered.push(await deliver(fleet.apis, next, own));
    };
    const senders = Promise.all(Array.from({ length: SENDERS }, sender));
    for (const [index, victim] of victims.entries()) {
      const share = ((index + random.int(100) / 100) / victims.length) * sent;
      await Promise.race([senders, until(() => delivered.length >= share, { withinMs: 300_000 })]);
      await fleet.strike(victim);
    }
    await senders;
    await fleet.ready();
    console.log(figures(delivered, victims));

    const events = new Map<string, { hook: string; runs: Set<string> }>();
    for (const { event, hook, run } of delivered) {
      const known = events.get(event) ?? { hook, runs: new Set() };
      known.runs.add(run);
      events.set(event, known);
    }
    expect([...events].filter(([, { runs }]) => runs.size !== 1)).toEqual([]);

    const expected = [...events].filter(([, { hook }]) => hook === hooks.told);
    await until(async () => (await told()).size >= expected.length, { withinMs: 120_000, everyMs: 500 });
    expect(Object.fromEntries(await told())).toEqual(
      Object.fromEntries(expected.map(([event, { runs }]) => [event, runs])),
    );

    const silent = [...events].filter(([, { hook }]) => hook === hooks.silent);
    const listed = await runsOf('silent');
    expect(listed.map(({ id }) => id).toSorted()).toEqual(silent.flatMap(([, { runs }]) => [...runs]).toSorted());
    expect(listed.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    for (const [event, { runs }] of silent.filter(() => random.once(Math.ceil(silent.length / 40))))
      expect(await call('GET', `/api/runs/${[...runs][0]}`)).toMatchObject({ output: event });
  });

  it(`answer ${CALLERS} callers that wait with the truth, and let none hang, although an API and a worker are killed`, {
    timeout: 240_000,
  }, async () => {
    await fleet.ready();
    const random = randomOf(seed, 2);
    const end = Date.now() + CALLING_MS;
    const calling = askUntil(end, { apis: fleet.apis, hook: hooks.asked, callers: CALLERS });
    const victims = ALL ? (['worker 1', 'API 1', 'worker 2', 'API 2'] as const) : (['worker 1', 'API 1'] as const);
    for (const [index, victim] of victims.entries()) {
      const at = end - CALLING_MS * (1 - (index + 0.3 + random.int(40) / 100) / victims.length);
      await until(() => Date.now() >= at, { withinMs: CALLING_MS });
      await fleet.strike(victim);
    }
    const answers: Answer[] = await calling;
    await fleet.ready();
    const wrong = await wrongIn(answers, (id) => call('GET', `/api/runs/${id}?wait=30`) as never);
    const counts = Object.groupBy(answers, ({ status }) => String(status));
    console.log(
      Object.entries(counts)
        .map(([status, all]) => `${status}: ${all!.length}`)
        .join(', '),
    );
    expect(wrong).toEqual([]);
    expect(counts['200']!.length).toBeGreaterThan(CALLERS / 4);
  });
});

function shuffled(members: readonly Member[], { int }: { int: (below: number) => number }): Member[] {
  const left = [...members];
  return Array.from(members, () => left.splice(int(left.length), 1)[0]!);
}

function figures(delivered: readonly Delivered[], victims: readonly Member[]): string {
  const again = delivered.filter(({ tries }) => tries > 1);
  const most = Math.max(...delivered.map(({ tries }) => tries));
  return [
    `seed ${seed}; killed: ${victims.join(', ')}`,
    `${delivered.length} deliveries of ${new Set(delivered.map(({ event }) => event)).size} events; ${again.length} were sent again, at most ${most} times`,
  ].join('\n');
}
