import { z } from 'zod';
import { defineTrigger } from '../define-trigger.ts';
import { HTTP_CONNECTIONS } from '../http/connection-fields.ts';
import type { FeedCursor } from './new-items.ts';

const text = () => z.string().nullable();

const NOTES = `
**What is new** is decided by the ids of the items (\`guid\`, \`id\`), never by dates: a feed may add an item with an old date. An item without an
id is known by its link, without a link by its title. If a feed gives all of its items other ids, but each keeps its link and title, nothing is
new. An item with an unknown id is new beside a known one of the same link and title. An item that was changed under its id is not new.

The ids of all items in the feed are remembered, and of 2,000 items that have left it: an item that comes back after that counts as new.

**Traffic.** The feed is asked for with \`If-None-Match\` and \`If-Modified-Since\`, so that a server that knows these answers 304 without a body.
`.trim();

/** Fires for each new item of a feed. */
export const onNewItem = defineTrigger({
  type: 'rss.newItem',
  title: 'New item in a feed',
  description:
    'Fires once for each new item of a feed: RSS, RDF, Atom or JSON Feed. Goes by the ids of the items, not by their dates.',
  connection: { type: HTTP_CONNECTIONS, required: false },
  with: z.strictObject({
    url: z.string().min(1).max(8192).describe('Address of the feed, http or https.'),
    maxBytes: z.int().min(1024).max(10_485_760).default(5_242_880).describe('Largest feed in bytes.'),
  }),
  item: z.object({
    id: z.string().describe('Its id in the feed; its link or title if it has none.'),
    title: text().describe('Title, without markup.'),
    link: text().describe('Address of what it is about.'),
    author: text().describe('Who wrote it.'),
    publishedAt: text().describe('ISO time at which it was published, if the feed has a date that can be read.'),
    updatedAt: text().describe('ISO time of its last change.'),
    summary: text().describe('Summary or description; may hold HTML.'),
    content: text().describe('Whole content; may hold HTML.'),
    categories: z.array(z.string()).describe('Categories or tags.'),
    enclosures: z
      .array(
        z.object({
          url: z.string().describe('Address.'),
          type: text().describe('Media type.'),
          size: z.number().nullable().describe('Bytes, as the feed says.'),
        }),
      )
      .describe('Attached media.'),
    feed: z
      .object({ title: text().describe('Title of the feed.'), link: text().describe('Address of its site.') })
      .describe('The feed.'),
  }),
  every: '5m',
  examples: [{ title: 'News of a project', with: { url: 'https://blog.acme.example/feed.xml' } }],
  errors: {
    'rss.notAFeed': 'The answer is not RSS, RDF, Atom or JSON Feed, or is cut off.',
    'http.<status>': 'The server answered with that status.',
    'http.tooLarge': 'The feed is larger than `maxBytes`.',
  },
  notes: NOTES,
  watches: ({ url }) => url,
  async poll(ctx, request) {
    const { newItems } = await import('./new-items.ts');
    return newItems(ctx, { ...request, cursor: request.cursor as FeedCursor | null });
  },
});
