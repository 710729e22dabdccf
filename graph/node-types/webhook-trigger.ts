import type { TriggerFacts } from '../catalogue.ts';
import type { JsonSchema } from '../json.ts';
import { duration, parameters } from './parameter-schema.ts';

/** How the sender of a webhook is checked, and the types of connections that hold the secret for it. */
export const VERIFY_CONNECTIONS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  bearer: ['webhook-secret', 'http-bearer'],
  basic: ['webhook-secret', 'http-basic'],
  hmac: ['webhook-secret'],
  standard: ['webhook-secret'],
  github: ['webhook-secret'],
  stripe: ['webhook-secret'],
  slack: ['webhook-secret'],
  shopify: ['webhook-secret'],
};

/** Largest body of a webhook, in bytes, if the trigger says nothing, and at most. */
export const HOOK_BYTES = 1_048_576;
export const MAX_HOOK_BYTES = 10_485_760;

/** How long the caller of `reply: sync` waits if the trigger says nothing, and at most, in milliseconds. */
export const REPLY_WITHIN_MS = 30_000;
export const MAX_REPLY_WITHIN_MS = 300_000;

/** How old a signed time may be, or how far ahead, if the trigger says nothing, and at most, in milliseconds. */
export const TOLERANCE_MS = 300_000;
export const MAX_TOLERANCE_MS = 86_400_000;

/** What `signed` may hold between braces. */
export const SIGNED_PLACEHOLDER = /\{(body|timestamp|method|path|url|header:([A-Za-z0-9-]{1,100}))\}/g;

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });
const HEADER = { pattern: '^[A-Za-z0-9-]{1,100}$' };
const map: JsonSchema = { type: 'object' };

/** The signature of `verify: hmac`. */
const hmac: JsonSchema = {
  ...parameters(
    {
      header: text('Header that holds the signature.', HEADER),
      algorithm: { enum: ['sha256', 'sha384', 'sha512', 'sha1'], description: '`sha256` if not given.' },
      encoding: { enum: ['hex', 'base64', 'base64url'], description: 'How it is written; `hex` if not given.' },
      prefix: text('What stands before it in the header, such as `sha256=`.', { maxLength: 50 }),
      timestampHeader: text('Header that holds the time of sending: seconds, milliseconds, or an ISO time.', HEADER),
      signed: text(
        'What is signed, `{body}` if not given. Placeholders: `{body}`, `{timestamp}`, `{method}`, `{path}`, `{url}`, and `{header:NAME}`.',
        { minLength: 1, maxLength: 500 },
      ),
    },
    ['header'],
  ),
  description: 'For `verify: hmac`: how the sender signs.',
};

/** The trigger that an HTTP request fires. */
export const WEBHOOK: TriggerFacts = {
  description: 'Started by an HTTP request.',
  with: parameters(
    {
      verify: {
        enum: Object.keys(VERIFY_CONNECTIONS),
        description: 'How the sender is checked; every way except `none` needs a connection.',
      },
      hmac,
      tolerance: { ...duration, description: 'How old a signed time may be; 5m if not given.' },
      methods: {
        type: 'array',
        minItems: 1,
        items: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
        description: 'Accepted methods; POST if not given.',
      },
      path: text('What follows the address, such as `/orders/:id`; anything if not given.', {
        pattern: '^(/:?[A-Za-z0-9_.~-]+)+$',
        maxLength: 300,
      }),
      maxBytes: {
        type: 'integer',
        minimum: 1,
        maximum: MAX_HOOK_BYTES,
        description: `Largest body in bytes; ${HOOK_BYTES} if not given.`,
      },
      origins: {
        type: 'array',
        items: { type: 'string', pattern: '^(\\*|https?://[A-Za-z0-9.:\\[\\]-]+)$' },
        description: 'Sites whose pages may send requests, such as `https://shop.example`; `*` is every site.',
      },
      reply: {
        enum: ['async', 'sync'],
        description: '`sync`: the caller waits for `respond` or the end of the run.',
      },
      replyWithin: { ...duration, description: 'How long the caller of `reply: sync` waits; 30s if not given.' },
      dedupe: {
        type: ['string', 'number', 'null'],
        description:
          'What tells events apart, as an expression of `trigger`: a second request with the same value starts nothing. The presets of providers know it.',
      },
    },
    ['verify'],
  ),
  reads: { dedupe: ['trigger'] },
  brings: { method: { type: 'string' }, path: { type: 'string' }, params: map, query: map, headers: map, body: {} },
  connection: { required: false },
};
