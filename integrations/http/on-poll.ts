import { defineTrigger } from '../define-trigger.ts';
import { json } from '../schema.ts';
import { HTTP_CONNECTIONS } from './connection-fields.ts';
import type { ListCursor } from './polling/new-items.ts';
import { pollParameters } from './polling/parameters.ts';

const NOTES = `
**Expressions** in \`key\`, \`cursor\` and \`more\` stand without \`\${{ }}\`, because they are computed at each look, not when the graph is
published. \`key\` reads \`item\` and \`index\`. \`cursor\` and \`more\` read \`item\` (the newest item of the answer, null if there is none), \`input\` (the
whole answer) and \`state\` (the cursor before).

**What is new** is what has a key that was not there before. Keys of the items in the answer are remembered, and 2,000 earlier ones. Without
\`cursor\` the whole list is fetched each time; with it, the service is told where to go on. Let the cursor overlap (\`since\` rather than \`after\`):
items that come twice start one run. A change of an item is new if its key says so: \`item.id + '@' + item.updated_at\`.

**Order.** Runs start in the order of the list; \`newestFirst: true\` turns it round.
`.trim();

/** Fires for each new item of a list that an HTTP API returns. */
export const onPoll = defineTrigger({
  type: 'http.poll',
  title: 'New item of a list at an HTTP API',
  description:
    'Fetches a list from an HTTP API again and again, and fires once for each item whose key was not in the list before.',
  connection: { type: HTTP_CONNECTIONS, required: false },
  with: pollParameters,
  item: json().describe('The item as the service returns it.'),
  every: '1m',
  examples: [
    { title: 'New orders', with: { url: 'https://api.acme.example/v1/orders', items: 'data', key: 'item.id' } },
    {
      title: 'Orders that are new or changed, from where the last look ended',
      with: {
        url: 'https://api.acme.example/v1/orders',
        items: 'data',
        key: "item.id + '@' + item.updated_at",
        cursor: 'item.updated_at',
        parameter: 'updated_since',
        more: 'input.has_more',
      },
    },
  ],
  errors: {
    'http.<status>': 'The server answered with that status.',
    'http.poll': 'There is no list at `items`, an expression fails, or an item has no key.',
    'http.tooLarge':
      'The answer is larger than `maxBytes`, or holds more values than about 170,000 records of ten fields.',
  },
  notes: NOTES,
  watches: ({ url, method, query = null, json: body = null, items, key, cursor = null }) => ({
    url,
    method,
    query,
    body,
    items,
    key,
    cursor,
  }),
  async poll(ctx, request) {
    const { newItems } = await import('./polling/new-items.ts');
    return newItems(ctx, { ...request, cursor: request.cursor as ListCursor | null });
  },
});
