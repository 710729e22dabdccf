import { expect, it } from 'vitest';
import { NO_USAGE, type PlannedCall } from '../../spending.ts';
import { fakeContext } from '../../testing/run-node.ts';
import { fakeSpending } from '../testing/fake-spending.ts';
import { within } from './within.ts';

const call: PlannedCall = { provider: 'openai', model: 'm', estimate: NO_USAGE };

it('gives every call of a step the limit of its author', async () => {
  const { spending, reservations } = fakeSpending();
  const ctx = fakeContext({ spending });
  await within(ctx, 0.000_000_5).spending!.reserve(call);
  await within(ctx, undefined).spending!.reserve(call);
  await within(ctx, 2, 'desk').spending!.reserve(call);
  expect(reservations.map(({ planned }) => planned.limit)).toEqual([
    { cost: '0.000000500000' },
    undefined,
    { cost: '2.000000000000', within: 'desk' },
  ]);
  expect(within(fakeContext(), 1).spending).toBeUndefined();
});
