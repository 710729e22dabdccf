import { expect, it } from 'vitest';
import { NodeError } from '../integrations/error.ts';
import { findConnectionType } from '../integrations/index.ts';
import { test } from './index.ts';
import { useCredentials } from './testing/world.ts';

const world = useCredentials();

it.each([
  ['answers', (secret: unknown) => Promise.resolve({ ok: false as const, message: `No such key: ${secret}.` })],
  ['throws', (secret: unknown) => Promise.reject(new NodeError('x.401', `No such key: ${secret}.`))],
])('a test of a connection shows no secret in what it %s', async (_what, say) => {
  await world.put('told');
  const { oauth: _, ...type } = findConnectionType('oauth2')!;
  const told = { ...type, test: (_ctx: unknown, data: Record<string, unknown>) => say(data.clientSecret) };
  const deps = { ...world.process(), findType: () => told as typeof type };
  const result = await test(deps, world.credentials(deps), world.at('told'));
  expect(result).toEqual({ ok: false, message: 'No such key: [secret].' });
});
