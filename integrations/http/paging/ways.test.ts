import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkValue } from '../../../graph/validate/schemas/check-value.ts';
import { jsonSchema } from '../../describe.ts';
import { failure, fakeContext, runNode } from '../../testing/run-node.ts';
import { request } from '../request.ts';
import { json, type RecordingServer, recordingServer } from '../testing/recording-server.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const all = (pagination: object, input: object = {}) =>
  runNode(request, fakeContext(), { url: `${server.base}/list?size=2`, pagination, ...input } as never);
const number = (url: string | undefined, name: string) =>
  Number(new URL(url ?? '', server.base).searchParams.get(name));
const bodies = () => server.seen.map(({ body }) => JSON.parse(Buffer.from(body, 'latin1').toString()));
const bad = (pagination: object, input: object = {}) =>
  request.input.safeParse({ url: server.base, pagination, ...input }).error?.issues[0]?.message;

describe('pages by an address in the answer', () => {
  const how = { by: 'next', next: 'next', items: 'results' };

  it('are followed, written in full or relative, with the author’s spelling', async () => {
    server.answer = (req, res) => {
      const n = number(req.url, 'offset');
      const next = [`${server.base}/list?offset=1&q=%E4`, '?offset=2', null][n];
      json(res, { next, results: [n] });
    };
    expect(await all(how)).toMatchObject({ body: [0, 1, 2], pages: 3, complete: true });
    expect(server.seen.map(({ url }) => url)).toEqual(['/list?size=2', '/list?offset=1&q=%E4', '/list?offset=2']);
  });

  it('may be given under a name with dots', async () => {
    server.answer = (req, res) =>
      json(res, { value: [req.url], ...(server.seen.length < 2 && { '@odata.nextLink': '/more' }) });
    const odata = { by: 'next', next: '@odata.nextLink', items: 'value' };
    expect(await all(odata)).toMatchObject({ body: ['/list?size=2', '/more'], complete: true });
  });

  it('stay at their origin, and do not go round in a circle', async () => {
    server.answer = (_, res) => json(res, { next: 'https://elsewhere.example/', results: [] });
    expect((await failure(all(how))).message).toContain('is at another origin (https://elsewhere.example/)');
    server.answer = (_, res) => json(res, { next: '/list?size=2', results: [] });
    expect((await failure(all(how))).message).toContain('fetched before');
    server.answer = (_, res) => json(res, { next: { href: '/x' }, results: [] });
    expect((await failure(all(how))).message).toContain('("next") is no address');
  });
});

describe('a position that the first answer lacks', () => {
  it.each([
    [{ by: 'cursor', cursor: 'next_page', parameter: 'o', items: 'data' }, '"next_page" ("cursor"); it has data, next'],
    [{ by: 'cursor', cursor: 'data.-1.id', parameter: 'o', items: 'data' }, '"data.-1.id"'],
    [{ by: 'next', next: 'links.next', items: 'data' }, '"links.next" ("next")'],
    [{ by: 'page', more: 'has_more', items: 'data' }, '"has_more" ("more")'],
    [{ by: 'offset', total: 'count', items: 'data' }, '"count" ("total")'],
    [{ by: 'last', id: 'uuid', parameter: 'after', items: 'data' }, '"uuid" ("id")'],
  ])('is an error, not the end: %j', async (how, words) => {
    server.answer = (_, res) => json(res, { data: [{ id: 1 }], next: null });
    const error = await failure(all(how));
    expect(error).toMatchObject({ code: 'http.pagination', retryable: false });
    expect(error.message).toContain(words);
  });

  it('ends the pages if the author says that it may be absent', async () => {
    server.answer = (_, res) => json(res, { data: [1], ...(server.seen.length < 2 && { next: '/list?p=2' }) });
    const how = { items: 'data', mayBeAbsent: true };
    expect(await all({ ...how, by: 'next', next: 'next' })).toMatchObject({ body: [1, 1], complete: true });
    expect(await all({ ...how, by: 'next', next: 'paging.next' })).toMatchObject({ body: [1], complete: true });
    expect(await all({ ...how, by: 'cursor', cursor: 'after', parameter: 'after' })).toMatchObject({ complete: true });
  });

  it.each([null, '', false])('is not lacking if it is %j', async (next) => {
    server.answer = (_, res) => json(res, { data: [1], next });
    const how = { by: 'cursor', cursor: 'next', parameter: 'o', items: 'data' };
    expect(await all(how)).toMatchObject({ body: [1], pages: 1, complete: true });
  });
});

describe('pages by a cursor', () => {
  it('are requested in the body, deep within it', async () => {
    server.answer = (_, res) => {
      const n = server.seen.length;
      json(res, { data: { list: { nodes: [n], pageInfo: { hasNextPage: n < 3, endCursor: `c${n}` } } } });
    };
    const pagination = {
      by: 'cursor',
      cursor: 'data.list.pageInfo.endCursor',
      more: 'data.list.pageInfo.hasNextPage',
      field: 'variables.page.after',
      items: 'data.list.nodes',
    };
    const input = { method: 'POST', json: { query: '{ … }', variables: { first: 2 } } };
    expect(await all(pagination, input)).toMatchObject({ body: [1, 2, 3], pages: 3, complete: true });
    expect(bodies()).toEqual([
      { query: '{ … }', variables: { first: 2 } },
      { query: '{ … }', variables: { first: 2, page: { after: 'c1' } } },
      { query: '{ … }', variables: { first: 2, page: { after: 'c2' } } },
    ]);
  });

  it('may be a list in the body, and nowhere else', async () => {
    server.answer = (_, res) => json(res, { hits: [1], sort: server.seen.length < 2 ? [7, 'x'] : null });
    const how = { by: 'cursor', cursor: 'sort', items: 'hits' };
    await all({ ...how, field: 'search_after' }, { method: 'POST', json: {} });
    expect(bodies()).toEqual([{}, { search_after: [7, 'x'] }]);
    server.reset();
    server.answer = (_, res) => json(res, { hits: [1], sort: [7] });
    expect((await failure(all({ ...how, parameter: 'after' }))).message).toContain('only a "field" of the body');
  });

  it('that are addresses, or missing although there is more, are a mistake', async () => {
    const how = { by: 'cursor', cursor: 'next', parameter: 'offset', items: 'data' };
    server.answer = (_, res) => json(res, { data: [1], next: `${server.base}/list?offset=1` });
    expect((await failure(all(how))).message).toContain('"by: next, next: next"');
    server.answer = (_, res) => json(res, { data: [1], next: null, more: true });
    expect((await failure(all({ ...how, more: 'more' }))).message).toContain('says that there is more');
    server.answer = (_, res) => json(res, { data: [1], next: null, more: 'no' });
    expect((await failure(all({ ...how, more: 'more' }))).message).toContain('neither true nor false');
  });

  it('need a place for the cursor, and a body if that place is in the body', async () => {
    const how = { by: 'cursor', cursor: 'next' };
    expect(bad(how)).toContain('either parameter or field');
    expect(bad({ ...how, parameter: 'a', field: 'b' })).toContain('either parameter or field');
    expect(bad({ ...how, field: 'b' })).toContain('needs a JSON body');
    expect(bad({ ...how, field: 'b' }, { method: 'POST', json: [1] })).toContain('needs a JSON body');
    expect(bad({ ...how, field: 'b' }, { method: 'POST', json: {} })).toBeUndefined();
    server.answer = (_, res) => json(res, { data: [], next: 'x' });
    const through = await failure(all({ ...how, items: 'data', field: 'a.b' }, { method: 'POST', json: { a: 1 } }));
    expect(through.message).toContain('"a.b" leads through');
  });
});

describe('pages by the last id', () => {
  it('end with a flag or an empty page', async () => {
    server.answer = (req, res) => {
      const after = number(req.url, 'starting_after');
      json(res, { has_more: after < 2, data: after < 3 ? [{ id: after + 0.5 }, { id: after + 1 }] : [] });
    };
    const how = { by: 'last', parameter: 'starting_after', items: 'data' };
    const six = [0.5, 1, 1.5, 2, 2.5, 3].map((id) => ({ id }));
    expect(await all({ ...how, more: 'has_more' })).toMatchObject({ body: six, pages: 3, complete: true });
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/list?size=2',
      '/list?size=2&starting_after=1',
      '/list?size=2&starting_after=2',
    ]);
    expect(await all(how)).toMatchObject({ body: six, pages: 4, complete: true });
  });

  it('keep every digit of the id, which may lie deep', async () => {
    server.answer = (_, res) =>
      void res
        .writeHead(200, { 'content-type': 'application/json' })
        .end(server.seen.length < 2 ? '[{"meta":{"key":7615917337495251231}}]' : '[]');
    await all({ by: 'last', id: 'meta.key', field: 'after' }, { method: 'POST', json: {} });
    expect(bodies()[1]).toEqual({ after: '7615917337495251231' });
  });
});

describe('pages by offset', () => {
  const LIST = [1, 2, 3, 4, 5];
  const slice = (offset: number, limit: number) => LIST.slice(offset, offset + limit);

  it('count the items that arrived, even if a service returns fewer than requested', async () => {
    server.answer = (req, res) => json(res, slice(number(req.url, 'offset'), Math.min(2, number(req.url, 'limit'))));
    expect(await all({ by: 'offset' }, { query: { limit: 3 } })).toMatchObject({
      body: LIST,
      pages: 4,
      complete: true,
    });
    expect(server.seen.map(({ url }) => number(url, 'offset'))).toEqual([0, 2, 4, 5]);
  });

  it('end at the total, or with a flag', async () => {
    server.answer = (req, res) => {
      const offset = number(req.url, 'skip');
      json(res, { total: 5, more: offset < 4, rows: slice(offset, 2) });
    };
    const how = { by: 'offset', parameter: 'skip', items: 'rows' };
    expect(await all({ ...how, total: 'total' })).toMatchObject({ body: LIST, pages: 3, complete: true });
    expect(await all({ ...how, more: 'more' })).toMatchObject({ body: LIST, pages: 3, complete: true });
    expect(await all({ ...how, start: 1, total: 'total' })).toMatchObject({ body: [2, 3, 4, 5], pages: 2 });
    server.answer = (_, res) => json(res, { total: '1', rows: [1] });
    expect(await all({ ...how, total: 'total' })).toMatchObject({ body: [1], pages: 1 });
    server.answer = (_, res) => json(res, { total: 'many', rows: [1] });
    expect((await failure(all({ ...how, total: 'total' }))).message).toContain('("total") is no number');
  });

  it('are requested in the body, together with their limit', async () => {
    server.answer = (_, res, body) => {
      const { from, size } = JSON.parse(body);
      json(res, slice(from, size));
    };
    const input = { method: 'POST', json: { size: 3 } };
    expect(await all({ by: 'offset', field: 'from' }, input)).toMatchObject({ body: LIST, complete: true });
    expect(bodies()).toEqual([0, 3, 5].map((from) => ({ size: 3, from })));
    expect(bad({ by: 'offset', parameter: 'a', field: 'b' }, input)).toContain('not both');
  });
});

describe('pages by number', () => {
  it('are requested in the body, and end with a flag', async () => {
    server.answer = (_, res, body) => {
      const { page } = JSON.parse(body);
      json(res, { rows: [page], more: page < 2 });
    };
    const pagination = { by: 'page', start: 0, field: 'page', more: 'more', items: 'rows' };
    expect(await all(pagination, { method: 'POST', json: {} })).toMatchObject({ body: [0, 1, 2], pages: 3 });
  });
});

describe('a way without a place for its position', () => {
  it.each(['cursor', 'last'])('is found in the graph, before it runs: %s', (by) => {
    const how = { by, ...(by === 'cursor' && { cursor: 'next' }) };
    const said = (pagination: object) =>
      checkValue({ url: server.base, pagination } as never, jsonSchema(request.input, 'input'), '', 'with');
    expect(said(how).map(({ message }) => message)).toEqual(['`with.pagination.parameter` is missing.']);
    expect(said({ ...how, parameter: 'after' })).toEqual([]);
    expect(said({ ...how, field: 'after' })).toEqual([]);
  });
});
