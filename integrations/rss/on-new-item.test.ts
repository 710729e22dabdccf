import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RecordingServer, recordingServer } from '../http/testing/recording-server.ts';
import { failure } from '../testing/run-node.ts';
import { fakeWatch } from '../testing/run-poll.ts';
import { onNewItem } from './on-new-item.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

interface Entry {
  readonly id?: string;
  readonly link?: string;
  readonly title?: string;
  readonly date?: string;
}

const element = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `<${name}>${value}</${name}>`;

const rss = (entries: readonly Entry[]): string =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>http://news.test/</link>${entries
    .map(
      ({ id, link, title, date }) =>
        `<item>${element('guid', id)}${element('link', link)}${element('title', title)}${element('pubDate', date)}</item>`,
    )
    .join('')}</channel></rss>`;

/** The newest first, as feeds list their items. */
const entries = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => to - index).map((number) => ({
    id: `id-${number}`,
    link: `http://news.test/${number}`,
    title: `Title ${number}`,
    date: 'Mon, 01 Jan 2024 00:00:00 GMT',
  }));

const serve = (text: string, headers: Record<string, string> = {}) => {
  server.answer = (_, res) =>
    void res.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8', ...headers }).end(text);
};
const watch = (given: object = {}) => fakeWatch(onNewItem, { url: `${server.base}/feed`, ...given });

describe('rss.newItem', () => {
  it('takes nothing of what is there at first, and then each new item once, the oldest first', async () => {
    serve(rss(entries(1, 50)));
    const feed = watch();
    expect(await feed.look()).toEqual([]);
    serve(rss(entries(3, 52)));
    expect((await feed.look()).map(({ key }) => key)).toEqual(['id-51', 'id-52']);
    expect(await feed.look()).toEqual([]);
  });

  it('takes what is there if it is to begin at the beginning, in pages, and loses none of 1,200', async () => {
    serve(rss(entries(1, 1_200)), { etag: '"all"' });
    const feed = watch({ from: 'beginning' });
    const keys = (await feed.look()).map(({ key }) => key);
    expect(keys).toHaveLength(1_200);
    expect(keys[0]).toBe('id-1');
    expect(new Set(keys).size).toBe(1_200);
    expect(feed.looks()).toBe(3);
  });

  it('asks whether the feed has changed, and takes nothing from a 304', async () => {
    serve(rss(entries(1, 3)), { etag: '"v1"', 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' });
    const feed = watch();
    await feed.look();
    server.answer = (_, res) => void res.writeHead(304).end();
    expect(await feed.look()).toEqual([]);
    expect(server.seen.at(-1)!.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Mon, 01 Jan 2024 00:00:00 GMT',
    });
  });

  it('takes an item with an old date, and not an item whose date was changed', async () => {
    serve(rss(entries(1, 3)));
    const feed = watch();
    await feed.look();
    const old = { id: 'late', link: 'http://news.test/late', title: 'Late', date: 'Thu, 01 Jan 1970 00:00:00 GMT' };
    const changed = entries(1, 3).map((entry) => ({ ...entry, date: 'Fri, 27 Nov 2026 00:00:00 GMT' }));
    serve(rss([...changed, old]));
    expect((await feed.look()).map(({ key }) => key)).toEqual(['late']);
  });

  it('takes none of the known items when all get other ids, but the new one among them', async () => {
    serve(rss(entries(1, 40)));
    const feed = watch();
    await feed.look();
    serve(rss(entries(2, 41).map((entry) => ({ ...entry, id: `https:${entry.id}` }))));
    expect((await feed.look()).map(({ key }) => key)).toEqual(['https:id-41']);
  });

  it('takes what a feed says again of another event: the same link and title beside the old, with an id of its own', async () => {
    const failed = (...ids: string[]) => rss(ids.map((id) => ({ id, link: 'http://ci.test/', title: 'Build failed' })));
    serve(failed('build-1'));
    const feed = watch();
    await feed.look();
    serve(failed('build-2', 'build-1'));
    expect((await feed.look()).map(({ key }) => key)).toEqual(['build-2']);
    serve(failed('build-4', 'build-3', 'build-2', 'build-1'));
    expect((await feed.look()).map(({ key }) => key)).toEqual(['build-3', 'build-4']);
    expect(await feed.look()).toEqual([]);
  });

  it('tells items apart that share a link, and items that share a title', async () => {
    serve(rss([{ link: 'http://news.test/', title: 'One' }]));
    const feed = watch();
    await feed.look();
    serve(
      rss([
        { id: 'b', link: 'http://news.test/', title: 'Two' },
        { id: 'c', link: 'http://news.test/c', title: 'One' },
      ]),
    );
    expect((await feed.look()).map(({ key }) => key)).toEqual(['c', 'b']);
  });

  it('does not take an item again that left the feed for a while', async () => {
    serve(rss(entries(1, 10)));
    const feed = watch();
    await feed.look();
    serve(rss(entries(9, 10)));
    await feed.look();
    serve(rss(entries(1, 10)));
    expect(await feed.look()).toEqual([]);
  });

  it('reads Atom, JSON Feed and RDF alike', async () => {
    const feeds = {
      'application/atom+xml':
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>urn:1</id><title type="html">A &amp;amp; B</title><link rel="alternate" href="http://news.test/1"/><link rel="enclosure" href="http://news.test/1.mp3" type="audio/mpeg" length="3"/><updated>2024-01-01T00:00:00Z</updated><published>2023-12-31T00:00:00Z</published><author><name>Ann</name></author><summary>s</summary><content type="html">c</content><category term="k"/></entry></feed>',
      'application/feed+json': JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'F',
        items: [
          {
            ...{
              id: 'urn:1',
              url: 'http://news.test/1',
              title: 'A &amp; B',
              summary: 's',
              content_html: 'c',
              tags: ['k'],
            },
            ...{
              date_published: '2023-12-31T00:00:00Z',
              date_modified: '2024-01-01T00:00:00Z',
              authors: [{ name: 'Ann' }],
            },
            attachments: [{ url: 'http://news.test/1.mp3', mime_type: 'audio/mpeg', size_in_bytes: 3 }],
          },
        ],
      }),
    };
    for (const [type, text] of Object.entries(feeds)) {
      server.answer = (_, res) => void res.writeHead(200, { 'content-type': type }).end(text);
      const [found] = await watch({ from: 'beginning' }).look();
      expect(onNewItem.item.parse(found!.item)).toEqual({
        id: 'urn:1',
        title: 'A &amp; B',
        link: 'http://news.test/1',
        author: 'Ann',
        publishedAt: '2023-12-31T00:00:00.000Z',
        updatedAt: '2024-01-01T00:00:00.000Z',
        summary: 's',
        content: 'c',
        categories: ['k'],
        enclosures: [{ url: 'http://news.test/1.mp3', type: 'audio/mpeg', size: 3 }],
        feed: { title: 'F', link: null },
      });
    }
    serve(
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>R</title></channel><item rdf:about="http://news.test/4"><title>z</title><link>http://news.test/4</link></item></rdf:RDF>',
    );
    expect((await watch({ from: 'beginning' }).look())[0]).toMatchObject({ key: 'http://news.test/4' });
  });

  it('says what is wrong with a page, a truncated feed and a missing one, and keeps its place', async () => {
    serve(rss(entries(1, 3)));
    const feed = watch();
    await feed.look();
    serve('<html><body>Under maintenance</body></html>');
    expect((await failure(feed.look())).code).toBe('rss.notAFeed');
    serve(rss(entries(1, 4)).slice(0, -40));
    expect((await failure(feed.look())).code).toBe('rss.notAFeed');
    server.answer = (_, res) => void res.writeHead(404).end();
    expect((await failure(feed.look())).code).toBe('http.404');
    serve(rss(entries(1, 4)));
    expect((await feed.look()).map(({ key }) => key)).toEqual(['id-4']);
  });

  it('refuses a feed that is too large, and expands no entities', async () => {
    serve(rss(entries(1, 100)));
    expect((await failure(watch({ maxBytes: 1024 }).look())).code).toBe('http.tooLarge');
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${rss([{ id: 'b', title: '&b;' }])}`;
    serve(bomb);
    const [found] = await watch({ from: 'beginning' }).look();
    expect(found?.item).toMatchObject({ title: '&b;' });
  });

  it('keeps a cursor of a bounded size', async () => {
    const feed = watch();
    for (let round = 0; round < 8; round++) {
      serve(rss(entries(round * 1_000 + 1, round * 1_000 + 1_000)));
      await feed.look();
    }
    expect(JSON.stringify(feed.cursor()).length).toBeLessThan(50_000);
  });
});
