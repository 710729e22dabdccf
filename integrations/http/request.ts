import { defineNode } from '../define.ts';
import { HTTP_CONNECTIONS } from './connection-fields.ts';
import { input, output } from './input.ts';

const NOTES = `
**At least once.** A request may reach the server more than once: a lost answer cannot be told from a lost request.
So every POST, PUT, PATCH and DELETE carries an \`Idempotency-Key\` header, the same on every attempt, unless you set that
header yourself or turn it off with \`idempotencyKey: false\`. Servers that know the header do the work once. With the key
(or a method that HTTP calls idempotent) a request is retried even if its outcome is unknown. Without the key, a POST or PATCH whose
answer was lost, or that ended in 500, 502 or 504, is not retried: the node fails and its error says \`unknown: true\`.
The key is not a credential, so a redirect keeps it, even to another origin. A write that was redirected to a GET counts as done.

**Addresses** are sent as they are written; \`query\`, page positions and API keys of connections are added at the end. Only characters that
cannot be sent are escaped.

**Text** is decoded with \`encoding\` if you name one, else as a byte order mark, the charset of the content type, the XML declaration or
the \`meta\` element of the document says, else as UTF-8. Bytes that do not match are an error, \`http.notText\`: no letter is ever replaced by another.

**Numbers.** Integers in JSON that a double cannot hold exactly (beyond 2^53) become text with every digit, also in cursors and in the bodies
of errors. Decimals are doubles.

**Pages.** \`pagination\` fetches a list page by page. Services differ in how they say where the next page is, and which page is the last:

| \`by\` | the next page is | the last page is |
| --- | --- | --- |
| \`link\` | in the \`Link\` header | the one without a next link |
| \`next\` | at the address in the answer, at the path \`next\` | the one where the address is null |
| \`cursor\` | given by a cursor in the answer, at the path \`cursor\` | the one where the cursor is null, or where the flag \`more\` is false |
| \`last\` | after the \`id\` of the last item | empty, or the one where \`more\` is false |
| \`offset\` | after the items fetched so far | empty, or the one where \`total\` is reached or \`more\` is false |
| \`page\` | the one with the next number | empty, or the one where \`more\` is false |

Cursors, ids and numbers are sent in the query (\`parameter\`) or in the JSON body (\`field\`). An answer without a body (such as 204) is an
empty page. So is an answer with a status of \`okStatuses\`: with \`[404]\` a service may answer 404 past the end. A path that the first
answer does not have is an error, not the end; if a service leaves the cursor out on its last page, set \`mayBeAbsent: true\`.

**Credentials** come only from a connection (\`http-bearer\`, \`http-basic\`, \`http-header\`, \`http-certificate\`, \`oauth2\`). A connection lists the hosts it may be
sent to; for any other host the node fails before anything is sent. A redirect to another origin is followed without the credential and
without headers that look like one. The \`host\` header always comes from the address: a \`host\` of your own is refused, because front ends route by it. If
a service also routes by \`X-Forwarded-Host\` or the like, it must decide whom to believe: Blok sends such headers as you write them.

**Certificates.** Every HTTP connection takes the authority of a service inside the company (\`ca\`) and a client certificate (\`cert\`, \`key\`);
an \`http-certificate\` connection has nothing else. Certificates, too, stay with the hosts of the connection and with the origin of the request.

**Large bodies.** \`responseAs: blob\` keeps the answer as it arrives, and \`binary\` or a part of \`multipart\` with a \`blob\` sends it while it is read: up to 5 GB with
little memory. Set \`maxBytes\`, and \`retry.attemptTimeout\` and \`timeout\` to what the transfer may take. [file.write](file.write.md) stores what was kept under a
path, and [file.read](file.read.md) with \`as: blob\` refers to a file, without copying it.

**Rate limits.** A connection may have one (\`rateLimit\`: so many calls in so much time). All workers share it: calls are spread evenly, those
that have to wait occupy no worker and use up no attempt, and no call fails for it. If the service answers 429 or 503 with \`Retry-After\`, or says
with its last call when there are calls again (\`X-RateLimit-Remaining: 0\` with a reset, and its relatives), all calls with the connection pause until then.

**Guard.** Private, loopback, link-local and reserved addresses are refused, after name resolution and on every redirect.
The operator can allow hosts and ranges with \`BLOK_ALLOW_HOSTS\`. Blok's own servers are refused unless the list has exactly their \`host:port\`.
`.trim();

/** Calls any HTTP API. */
export const request = defineNode({
  type: 'http.request',
  version: '1.0.0',
  title: 'HTTP request',
  description:
    'Calls an HTTP API and returns status, headers and body. Fails with http.404 and the like unless the answer is 2xx. ' +
    'Takes the credential from a connection that is bound to hosts.',
  connection: { type: HTTP_CONNECTIONS, required: false },
  effect: 'at-least-once',
  timeout: '15m',
  retry: { maxAttempts: 5, delay: '1s', factor: 2, maxDelay: '30s', attemptTimeout: '2m' },
  input,
  output,
  examples: [
    { title: 'Read JSON', with: { url: 'https://api.acme.example/v1/users', query: { active: true, limit: 50 } } },
    {
      title: 'Create something',
      with: { method: 'POST', url: 'https://api.acme.example/v1/orders', json: { sku: 'A-1', count: 2 } },
    },
    {
      title: 'Upload a file',
      with: {
        method: 'POST',
        url: 'https://api.acme.example/files',
        multipart: [{ name: 'file', filename: 'hello.txt', text: 'hello' }],
      },
    },
    { title: 'Look up what may not exist', with: { url: 'https://api.acme.example/v1/users/7', okStatuses: [404] } },
    {
      title: 'All pages of a list',
      with: {
        url: 'https://api.acme.example/v1/invoices',
        pagination: { by: 'cursor', cursor: 'next', parameter: 'after', items: 'data' },
      },
    },
    {
      title: 'Pages that give the address of the next one',
      with: {
        url: 'https://api.acme.example/v1/customers',
        pagination: { by: 'next', next: 'next', items: 'results' },
      },
    },
    {
      title: 'Pages by the id of the last item',
      with: {
        url: 'https://api.acme.example/v1/charges',
        query: { limit: 100 },
        pagination: { by: 'last', parameter: 'starting_after', more: 'has_more', items: 'data' },
      },
    },
    {
      title: 'Pages whose cursor is sent in the body',
      with: {
        method: 'POST',
        url: 'https://api.acme.example/graphql',
        json: {
          query: 'query ($after: String) { users(after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
          variables: {},
        },
        pagination: {
          by: 'cursor',
          cursor: 'data.users.pageInfo.endCursor',
          more: 'data.users.pageInfo.hasNextPage',
          field: 'variables.after',
          items: 'data.users.nodes',
        },
      },
    },
    {
      title: 'A file from an old system',
      with: { url: 'https://files.acme.example/customers.csv', encoding: 'windows-1252' },
    },
  ],
  errors: {
    'http.<status>':
      'The server answered with that status. 408, 425, 429 and 5xx are retried; Retry-After is honoured.',
    'http.url': 'The address is not a usable http or https address.',
    'http.network': 'The server could not be reached, or the connection broke.',
    'http.timeout': 'The server did not accept the connection, send the headers or continue the body in time.',
    'http.incomplete': 'The compressed body of the answer was cut off. Retried like a broken connection.',
    'http.headers': 'A header holds a line break, or a character that headers cannot hold. Nothing was sent.',
    'http.tls':
      'No secure connection, or a certificate that is not accepted. The message names the field of the connection that fixes it.',
    'connection.invalid': 'A field of the connection cannot be used, such as a certificate that cannot be read.',
    'http.tooLarge':
      'The response is larger than `maxBytes`, or holds more values than about 170,000 records of ten fields.',
    'http.redirect':
      'Too many redirects, or one that may not be followed (to another protocol, or from https to http).',
    'http.body': 'The body does not match `responseAs` or its content type.',
    'http.notText':
      'The text of the body is not in the encoding that the answer declares: name the right one in `encoding`.',
    'http.pagination':
      'A page has no list where `items` points, the first answer has nothing where another path points, or a cursor was returned twice.',
    'network.forbidden':
      'The address is private, local or reserved, or belongs to the installation of Blok, and the operator has not allowed it.',
    'network.dns': 'The host name cannot be resolved. Retried.',
    'connection.host': 'The connection may not be sent to this host.',
    'connection.expired':
      'The connection has lost its access, and a person must connect it again. Not retried; see `onExpired`.',
    'connection.refresh':
      'The service gave no new access token. Retried, unless the service refuses the client itself.',
  },
  notes: NOTES,
  async run(ctx, input) {
    const { send } = await import('./send.ts');
    return send(ctx, input);
  },
});
