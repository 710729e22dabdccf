import { z } from 'zod';
import { blobReference } from '../blob.ts';
import { contentFields, exactlyOne } from '../content.ts';
import { defineNode } from '../define.ts';
import { duration, json } from '../schema.ts';

const scalar = () => z.union([z.string(), z.number(), z.boolean(), z.null()]);
const fields = () => z.record(z.string(), z.union([scalar(), z.array(scalar())]));
const BODIES = ['json', 'form', 'multipart', 'text', 'binary'] as const;

/** Headers the HTTP client itself writes; an author's value would break the message or fool the guard. */
const OWN_HEADERS =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;

const headers = () =>
  z.record(
    z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/, 'must be a header name')
      .refine((name) => !OWN_HEADERS.test(name), 'is written by the HTTP client itself'),
    z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must hold no line breaks and no characters beyond Latin-1'),
  );

const part = () =>
  z
    .strictObject({
      name: z.string().min(1).describe('Name of the form field.'),
      ...contentFields(),
      filename: z.string().optional().describe('Makes the part a file of this name.'),
      contentType: z.string().optional().describe('Media type of a file.'),
    })
    .refine(exactlyOne('text', 'base64', 'blob'), 'give exactly one of text, base64 and blob');

const binary = () =>
  z
    .strictObject({
      base64: z.base64().optional().describe('The bytes as base64.'),
      blob: blobReference().optional().describe('The bytes as a reference that another node returned.'),
    })
    .refine(exactlyOne('base64', 'blob'), 'give exactly one of base64 and blob');

const path = () =>
  z
    .string()
    .max(200)
    .describe('Dotted path of the list in the answer, such as `data.items`; empty: the answer itself.');
const maxPages = () => z.int().min(1).max(10_000).default(100).describe('Stop after so many pages.');

const pagination = () =>
  z.discriminatedUnion('by', [
    z.strictObject({
      by: z.literal('link').describe('Follow the `Link: <…>; rel="next"` header.'),
      items: path().default(''),
      maxPages: maxPages(),
    }),
    z.strictObject({
      by: z.literal('cursor').describe('Send the cursor of an answer with the next request.'),
      cursor: z
        .string()
        .min(1)
        .max(200)
        .describe('Dotted path of the next cursor in the answer; none, null or "" ends.'),
      parameter: z.string().min(1).max(200).describe('Query parameter that takes the cursor.'),
      items: path().default(''),
      maxPages: maxPages(),
    }),
    z.strictObject({
      by: z.literal('page').describe('Count pages up until one is empty.'),
      parameter: z.string().min(1).max(200).default('page').describe('Query parameter that takes the number.'),
      start: z.int().min(0).default(1).describe('Number of the first page.'),
      items: path().default(''),
      maxPages: maxPages(),
    }),
  ]);

const input = z
  .strictObject({
    method: z
      .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
      .default('GET')
      .describe('HTTP method.'),
    url: z
      .string()
      .min(1)
      .max(8192)
      .describe('Address, http or https. Credentials belong into a connection, not here.'),
    query: fields()
      .optional()
      .describe('Query parameters, added to those of the address. A list repeats the name; null leaves it out.'),
    headers: headers().optional().describe('Request headers.'),
    json: json().optional().describe('Body as JSON.'),
    form: fields().optional().describe('Body as application/x-www-form-urlencoded.'),
    multipart: z.array(part()).min(1).optional().describe('Body as multipart/form-data: fields and files.'),
    text: z.string().optional().describe('Body as text (UTF-8), `text/plain` unless a header says otherwise.'),
    binary: binary().optional().describe('Body as bytes, `application/octet-stream` unless a header says otherwise.'),
    okStatuses: z
      .array(z.int().min(300).max(599))
      .optional()
      .describe('Statuses beyond 2xx to return instead of failing, such as `[404]`.'),
    followRedirects: z
      .boolean()
      .default(true)
      .describe('Follow at most 5 redirects. False: a redirect is returned like a success.'),
    idempotencyKey: z
      .boolean()
      .default(true)
      .describe('Send an `Idempotency-Key` with POST, PUT, PATCH and DELETE, the same on every attempt.'),
    responseAs: z
      .enum(['auto', 'json', 'text', 'base64', 'blob'])
      .default('auto')
      .describe('How to return the body. `auto`: JSON and text by content type, all else as a `blob` reference.'),
    maxBytes: z
      .int()
      .min(1)
      .max(104_857_600)
      .default(10_485_760)
      .describe('Largest response in bytes, decompressed, all pages together (default 10 MiB, at most 100 MiB).'),
    timeouts: z
      .strictObject({
        headers: duration('10ms', '1h').default('30s').describe('Wait for the answer to begin.'),
        body: duration('10ms', '1h').default('60s').describe('Longest silence within the body.'),
      })
      .prefault({})
      .describe('Limits within one request; connecting takes at most 10 s per address.'),
    pagination: pagination().optional().describe('Fetch page after page and return all items as one list.'),
  })
  .refine(
    (value) => BODIES.filter((name) => value[name] !== undefined).length <= 1,
    'give at most one of json, form, multipart, text and binary',
  )
  .refine(
    (value) => !['GET', 'HEAD'].includes(value.method) || BODIES.every((name) => value[name] === undefined),
    'a GET or HEAD request has no body: set "method", for example to POST',
  );

const output = z.object({
  status: z.int().describe('HTTP status.'),
  headers: z
    .record(z.string(), z.string())
    .describe('Response headers, names in lower case, repeated ones joined by a comma (set-cookie: by a line break).'),
  body: json().describe(
    'Parsed JSON, text, base64 text, or a reference `{ sha256, size, contentType }`; null if empty. With pagination: the list of all items.',
  ),
  url: z.string().describe('Address that answered, after redirects.'),
  pages: z.int().optional().describe('With pagination: how many pages were fetched.'),
  complete: z.boolean().optional().describe('With pagination: false if `maxPages` ended it before the last page.'),
});

/** Parameters of `http.request`, parsed. */
export type HttpInput = z.output<typeof input>;
/** What `http.request` returns. */
export type HttpOutput = z.output<typeof output>;

const NOTES = `
**At least once.** A request may reach the server more than once: a lost answer cannot be told from a lost request.
So every POST, PUT, PATCH and DELETE carries an \`Idempotency-Key\` header, the same on every attempt, unless you set that
header yourself or turn it off with \`idempotencyKey: false\`. Servers that know the header do the work once. With the key
(or a method that HTTP calls idempotent) a request is retried even if its outcome is unknown. Without it, a POST or PATCH whose
answer was lost, or that ended in 500, 502 or 504, is not retried: the node fails and its error says \`unknown: true\`.

**Credentials** come from a connection only (\`http-bearer\`, \`http-basic\`, \`http-header\`). A connection lists the hosts it may be
sent to; for any other host the node fails before anything is sent. A redirect to another origin is followed without the credential and
without headers that look like one.

**Guard.** Private, loopback, link-local and reserved addresses are refused, after name resolution and on every redirect.
The operator can allow hosts and ranges with \`BLOK_ALLOW_HOSTS\`.
`.trim();

/** Calls any HTTP API. */
export const request = defineNode({
  type: 'http.request',
  version: '1.0.0',
  title: 'HTTP request',
  description:
    'Calls an HTTP API and returns status, headers and body. Fails with http.404 and the like unless the answer is 2xx. ' +
    'Takes its credential from a connection that is bound to hosts.',
  connection: { type: 'http-*', required: false },
  effect: 'at-least-once',
  timeout: '15m',
  retry: { maxAttempts: 5, delay: '1s', factor: 2, maxDelay: '30s', attemptTimeout: '2m' },
  input,
  output,
  examples: [
    { title: 'Read JSON', with: { url: 'https://api.example.com/v1/users', query: { active: true, limit: 50 } } },
    {
      title: 'Create something',
      with: { method: 'POST', url: 'https://api.example.com/v1/orders', json: { sku: 'A-1', count: 2 } },
    },
    {
      title: 'Upload a file',
      with: {
        method: 'POST',
        url: 'https://api.example.com/files',
        multipart: [{ name: 'file', filename: 'hello.txt', text: 'hello' }],
      },
    },
    { title: 'Look up what may not exist', with: { url: 'https://api.example.com/v1/users/7', okStatuses: [404] } },
    {
      title: 'All pages of a list',
      with: {
        url: 'https://api.example.com/v1/invoices',
        pagination: { by: 'cursor', cursor: 'next', parameter: 'after', items: 'data' },
      },
    },
  ],
  errors: {
    'http.<status>':
      'The server answered with that status. 408, 425, 429 and 5xx are retried; Retry-After is honoured.',
    'http.url': 'The address is not a usable http or https address.',
    'http.network': 'The server could not be reached, or the connection broke.',
    'http.timeout': 'The server did not answer in time.',
    'http.tls': 'The certificate of the server is not valid.',
    'http.tooLarge': 'The response is larger than `maxBytes`.',
    'http.redirect':
      'Too many redirects, or one that may not be followed (to another protocol, or from https to http).',
    'http.body': 'The body is not what `responseAs` or its content type says.',
    'http.pagination': 'A page has no list where `items` points, or a cursor came twice.',
    'network.forbidden': 'The address is private, local or reserved, and the operator has not allowed it.',
    'network.dns': 'The host name cannot be resolved. Retried.',
    'connection.host': 'The connection may not be sent to this host.',
  },
  notes: NOTES,
  async run(ctx, input) {
    const { send } = await import('./send.ts');
    return send(ctx, input);
  },
});
