import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeContext, runNode } from '../../testing/run-node.ts';
import { request } from '../request.ts';
import { type RecordingServer, recordingServer } from '../testing/recording-server.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
  server.answer = (_, res) => res.end('x'.repeat(1_000_000));
});
afterAll(() => server.close());

it('asks for memory before it keeps a part of the answer', async () => {
  let held = 0;
  const ctx = fakeContext({
    hold: (bytes) => {
      held += bytes;
      return Promise.resolve();
    },
  });
  await runNode(request, ctx, { url: server.base, responseAs: 'text' });
  expect(held).toBe(1_000_000);
});

it('keeps nothing of the answer while there is no memory', async () => {
  const controller = new AbortController();
  let asked = 0;
  const ctx = fakeContext({
    signal: controller.signal,
    hold: () => {
      asked++;
      controller.abort(new Error('cancelled'));
      return Promise.reject(controller.signal.reason);
    },
  });
  await expect(runNode(request, ctx, { url: server.base, responseAs: 'text' })).rejects.toThrow('cancelled');
  expect(asked).toBe(1);
});
