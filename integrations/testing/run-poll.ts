import type { z } from 'zod';
import type { Json } from '../../graph/json.ts';
import type { ChangedFile, PollContext } from '../context.ts';
import type { PolledItem, TriggerType } from '../define-trigger.ts';
import { type WatchParameters, withOf } from '../watch-parameters.ts';
import { fakeContext } from './run-node.ts';

/** A context for tests of polls: a guarded network that allows loopback and nothing else, and no files. */
export function fakePollContext(overrides: Partial<PollContext> = {}): PollContext {
  const none: Pick<PollContext, 'files'> = {
    files: { since: async (): Promise<ChangedFile[]> => [], last: async () => null },
  };
  const { runId: _run, step: _step, attempt: _attempt, files: _files, kv: _kv, cell: _cell, ...shared } = fakeContext();
  return { ...shared, ...none, trigger: 'on', ...overrides };
}

/** A watch as the workflow keeps it: a cursor that goes from one look to the next. */
export interface FakeWatch {
  /** Looks until there is no more. */
  look(): Promise<PolledItem[]>;
  /** What the watch would keep in Temporal. */
  cursor(): Json;
  /** How often it has asked the provider. */
  looks(): number;
}

/** Watches with one trigger, as a workflow does, without Temporal. */
export function fakeWatch<W extends z.ZodObject>(
  trigger: Pick<TriggerType<W>, 'with' | 'every' | 'poll'>,
  given: object,
  ctx: PollContext = fakePollContext(),
): FakeWatch {
  let cursor: Json | null = null;
  let looks = 0;
  const {
    every: _every,
    from,
    whileOff: _off,
    ...parameters
  } = withOf(trigger as never).parse(given) as WatchParameters;
  return {
    looks: () => looks,
    cursor: () => cursor,
    async look() {
      const items: PolledItem[] = [];
      for (let more = true; more; ) {
        const polled = await trigger.poll(ctx, { with: parameters as never, cursor, from });
        looks += 1;
        items.push(...(polled.items as PolledItem[]));
        // What travels through Temporal is JSON.
        cursor = JSON.parse(JSON.stringify(polled.cursor)) as Json;
        more = polled.more === true;
      }
      return items;
    },
  };
}
