/** Every control on live runs: as it is, after a restart of the worker, and sent twice at once under the same key. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { endpoints } from '../routes.ts';
import { CASES, type ControlCase } from './testing/every-control.ts';
import { type Answer, type Operators, startOperators } from './testing/operators.ts';

const named = CASES.map((one) => ({ name: [one.route, one.way].filter(Boolean).join(': '), ...one }));

/** Answers to a request that came second, and that are as good as done. */
const SECOND = new Set(['bulk.changed', 'approval.notWaiting']);

describe('the table of controls', () => {
  it('has every route that does something to runs', () => {
    const routes = endpoints.filter(
      ({ method, path }) => method !== 'get' && /^\/api\/(runs|workflows\/:name\/runs)(\/|$)/.test(path),
    );
    const tested = new Set(CASES.map(({ route }) => route));
    expect(routes.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([]);
    expect(routes.length).toBeGreaterThan(15);
  });
});

describeWith(['temporal'], 'a control', () => {
  let at: Operators;
  beforeAll(async () => {
    at = await startOperators();
  });
  afterAll(() => at?.dispose());

  const send = (one: ControlCase, id: string, more: { key?: string; app?: number } = {}): Promise<Answer> => {
    const { method = 'POST', path, body } = one.request(id);
    return at.send(method, path, body, more);
  };
  const isDone = ({ status, body }: Answer): boolean => status < 300 || SECOND.has(body.code);

  describe('of a live run', () => {
    it.each(named)('$name', async (one) => {
      const id = await one.begin(at);
      const answer = await send(one, id);
      expect(answer).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
      await one.check(at, id, [answer]);
    });
  });

  describe('sent twice at once, at two processes', () => {
    it.each(named)('$name', async (one) => {
      const id = await one.begin(at);
      const key = `twice ${one.route} ${one.way}`;
      const answers = await Promise.all([0, 1].map((app) => send(one, id, { key, app })));
      expect(answers.filter((answer) => !isDone(answer))).toEqual([]);
      await one.check(at, id, answers);
    });
  });

  describe('after a restart of the worker', () => {
    const begun = new Map<string, string>();
    beforeAll(async () => {
      for (const one of named) begun.set(one.name, await one.begin(at));
      await at.restartWorker();
    }, 120_000);

    it.each(named)('$name', async (one) => {
      const id = begun.get(one.name)!;
      const answer = await send(one, id);
      expect(answer).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
      await one.check(at, id, [answer]);
    });
  });
});
