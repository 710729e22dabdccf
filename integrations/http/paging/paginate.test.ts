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

describe('http.request: pages', () => {
  const all = (pagination: object, input: object = {}) =>
    runNode(request, fakeContext(), { url: `${server.base}/list?size=2`, pagination, ...input } as never);
  const page = (url: string | undefined, name: string) => new URL(url ?? '', server.base).searchParams.get(name);

  it('follows next links', async () => {
    server.answer = (req, res) => {
      const n = Number(page(req.url, 'p') ?? 1);
      json(
        res,
        [n],
        n < 3 ? { link: `<${server.base}/list?p=${n + 1}>; rel="next", <${server.base}/list?p=1>; rel="first"` } : {},
      );
    };
    expect(await all({ by: 'link' })).toMatchObject({ body: [1, 2, 3], pages: 3, complete: true });
    expect(await all({ by: 'link', maxPages: 2 })).toMatchObject({ body: [1, 2], pages: 2, complete: false });
  });

  it('follows cursors and counts pages', async () => {
    server.answer = (req, res) => {
      const after = Number(page(req.url, 'after') ?? 0);
      json(res, { data: { items: [after] }, meta: { next: after < 2 ? after + 1 : null } });
    };
    const by = { by: 'cursor', cursor: 'meta.next', parameter: 'after', items: 'data.items' };
    expect(await all(by)).toMatchObject({ body: [0, 1, 2], pages: 3, complete: true });
    expect(server.seen[2]?.url).toBe('/list?size=2&after=2');
    server.answer = (req, res) => json(res, Number(page(req.url, 'page')) < 3 ? [page(req.url, 'page')] : []);
    expect(await all({ by: 'page' })).toMatchObject({ body: ['1', '2'], pages: 3, complete: true });
  });

  it('stops at circles, other origins, missing lists and the size limit', async () => {
    const by = { by: 'cursor', cursor: 'next', parameter: 'after', items: 'items' };
    server.answer = (_, res) => json(res, { items: [1], next: 'same' });
    expect((await failure(all(by))).code).toBe('http.pagination');
    server.answer = (_, res) => json(res, { rows: [] });
    expect((await failure(all(by))).message).toContain('"items"');
    server.answer = (_, res) => json(res, [1], { link: `<https://elsewhere.example/>; rel=next` });
    expect((await failure(all({ by: 'link' }))).message).toContain('is at another origin');
    server.answer = (req, res) => json(res, { items: ['x'.repeat(600)], next: `${req.url}`.length });
    expect((await failure(all(by, { maxBytes: 1000 }))).code).toBe('http.tooLarge');
  });

  it('sends cursors that are large numbers with every digit', async () => {
    server.answer = (req, res) =>
      void res
        .writeHead(200, { 'content-type': 'application/json' })
        .end(
          page(req.url, 'after') === null
            ? '{"items":[9007199254740993],"next":7615917337495251231}'
            : '{"items":[],"next":null}',
        );
    const output = await all({ by: 'cursor', cursor: 'next', parameter: 'after', items: 'items' });
    expect(output.body).toEqual(['9007199254740993']);
    expect(server.seen[1]?.url).toBe('/list?size=2&after=7615917337495251231');
  });

  it('gives every page of a write a key of its own', async () => {
    server.answer = (req, res) => json(res, Number(page(req.url, 'page')) < 2 ? [1] : []);
    await all({ by: 'page' }, { method: 'POST', json: {} });
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'ws/test/call/run-1/step',
      'ws/test/call/run-1/step#2',
    ]);
  });
});
