/** Bodies that take their time: nobody waits for them, and what was changed meanwhile counts. */
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../embedded/process/wait.ts';
import { useApi } from '../testing/api.ts';
import { addressOf, publishHook } from './testing/hook.ts';

const api = useApi();
const open: (() => void)[] = [];
afterEach(() => {
  for (const end of open.splice(0)) end();
});

/** Sends a request whose body comes later. `isAwaited`: the body is being received. */
function sendSlowly(at: string, from: string, headers: Record<string, string> = {}) {
  let isAwaited = false;
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      pull: () => {
        isAwaited = true;
      },
    },
    { highWaterMark: 0 },
  );
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers }, duplex: 'half' };
  const answer = api.raw(at, init as RequestInit, from).then(({ status }) => status);
  const end = (text = '{}') => {
    try {
      controller.enqueue(Buffer.from(text));
      controller.close();
    } catch {
      // It was let go of before.
    }
  };
  open.push(() => end());
  return { answer, end, isAwaited: () => isAwaited };
}

describe('a hundred slow bodies', () => {
  it('keep out neither another sender nor, for long, the same one', async () => {
    const at = await publishHook(api, 'slow', { with: { verify: 'none' } });
    const slow = Array.from({ length: 100 }, () => sendSlowly(at, '198.51.100.1'));
    expect(await until(() => slow.every(({ isAwaited }) => isAwaited()), { withinMs: 10_000 })).toBe(true);
    const send = async (from: string) =>
      (await api.raw(at, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }, from)).status;
    expect(await send('198.51.100.2')).toBe(202);
    expect(await slow[0]!.answer).toBe(503);
    sendSlowly(at, '198.51.100.3');
    expect(await until(async () => (await send('198.51.100.1')) === 202, { withinMs: 5_000 })).toBe(true);
    slow[99]!.end();
    expect(await slow[99]!.answer).toBe(202);
  });
});

describe('what changes while a body comes counts for its request', () => {
  const begin = async (name: string, given: { with?: object; connection?: string } = {}, headers = {}) => {
    const at = await publishHook(api, name, { ...given, with: { verify: 'none', ...given.with } });
    const sent = sendSlowly(at, '198.51.100.1', headers);
    expect(await until(sent.isAwaited, { withinMs: 10_000 })).toBe(true);
    return sent;
  };

  it('if the webhook is switched off', async () => {
    const { answer, end } = await begin('switched');
    await api.put('/api/workflows/switched/active', { active: false });
    end();
    expect(await answer).toBe(404);
    expect(api.runs().all.size).toBe(0);
  });

  it('if it gets another address', async () => {
    const { answer, end } = await begin('moved');
    await api.post('/api/workflows/moved/triggers/in/rotate');
    end();
    expect(await answer).toBe(404);
    expect((await api.post(await addressOf(api, 'moved'), {})).status).toBe(202);
  });

  it('if it gets another secret', async () => {
    const secret = (one: string) =>
      api.put('/api/connections/turned', { type: 'webhook-secret', data: { secret: one } });
    await secret('old');
    const bearer = { with: { verify: 'bearer' }, connection: 'turned' };
    const { answer, end } = await begin('turned', bearer, { authorization: 'Bearer old' });
    await secret('new');
    end();
    expect(await answer).toBe(401);
  });

  it('if another version is published, which starts its run', async () => {
    const { answer, end } = await begin('renewed');
    await publishHook(api, 'renewed', { with: { verify: 'none' }, graph: { label: 'Renewed' } });
    end();
    expect(await answer).toBe(202);
    expect(api.runs().last().start.input.version).toBe(2);
  });
});
