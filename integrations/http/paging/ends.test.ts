import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../../testing/run-node.ts';
import { request } from '../request.ts';
import { json, type RecordingServer, recordingServer } from '../testing/recording-server.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

describe('http.request: the end of pages', () => {
  const all = (pagination: object, input: object = {}) =>
    runNode(request, fakeContext(), { url: `${server.base}/list`, pagination, ...input } as never);
  /** Two pages, then what a service says instead of a third. */
  const endingWith = (end: (res: ServerResponse) => unknown) => {
    server.answer = (_, res) => {
      const number = server.seen.length;
      if (number > 2) end(res);
      else json(res, { items: [{ id: number }], next: number });
    };
  };
  const WAYS = [
    { by: 'page', items: 'items' },
    { by: 'offset', items: 'items' },
    { by: 'last', parameter: 'after', items: 'items' },
    { by: 'cursor', cursor: 'next', parameter: 'after', items: 'items' },
  ];
  const items = [{ id: 1 }, { id: 2 }];

  it.each(WAYS)('may be 204, an empty body, an empty list, null or no list: $by', async (how) => {
    const ends: ((res: ServerResponse) => unknown)[] = [
      (res) => res.writeHead(204).end(),
      (res) => res.writeHead(200, { 'content-type': 'application/json' }).end(),
      (res) => json(res, { items: [] }),
      (res) => json(res, { items: null }),
      (res) => json(res, {}),
    ];
    for (const end of ends) {
      server.reset();
      endingWith(end);
      expect(await all(how)).toMatchObject({ body: items, pages: 3, complete: true });
    }
  });

  it.each(WAYS)('may be a 404 if asked for, and is a failure if not: $by', async (how) => {
    endingWith((res) => res.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"Invalid page."}'));
    expect(await all(how, { okStatuses: [404] })).toMatchObject({ body: items, pages: 3, complete: true, status: 404 });
    server.seen.length = 0;
    const error = await failure(all(how));
    expect(error).toMatchObject({ code: 'http.404', retryable: false, details: { body: { detail: 'Invalid page.' } } });
    expect(error.message).toContain('This was page 3: if the service answers like this after its last page, add 404');
  });

  it('may come with the first answer', async () => {
    server.answer = (_, res) => res.writeHead(204).end();
    expect(await all({ by: 'page' })).toMatchObject({ body: [], pages: 1, complete: true });
  });

  it('is not assumed if a page is not a list', async () => {
    endingWith((res) => json(res, { items: { a: 1 } }));
    expect((await failure(all(WAYS[0]!))).message).toContain('no list at "items"');
  });
});
