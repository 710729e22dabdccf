import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../graph/json.ts';
import type { Received } from '../request.ts';
import { PRESETS } from './table.ts';
import type { Key } from './types.ts';

type Headers = Record<string, string | string[]>;

/** A request that its provider documents as genuine. */
interface Example {
  readonly preset: string;
  readonly secret: string;
  readonly body: string;
  readonly headers: Headers;
  /** Header that holds the proof. */
  readonly proof: string;
  /** Header that holds the time, and the time in it, in milliseconds. */
  readonly time?: readonly [header: string, ms: number];
  readonly hmac?: JsonObject;
  /** The same proof, made with another algorithm. */
  readonly other?: string;
  /** The proof of another body, as the sender of the example writes it, or in another encoding. */
  readonly prove?: (body: Buffer, encoding?: 'hex' | 'base64') => string;
  readonly eventId?: string | null;
}

const mac = (algorithm: string, secret: string | Buffer, text: string | Buffer, encoding: 'hex' | 'base64') =>
  createHmac(algorithm, secret).update(text).digest(encoding);
/** Bytes of a body behind what else is signed. */
const after = (text: string, body: Buffer) => Buffer.concat([Buffer.from(text), body]);

const SLACK_BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const STANDARD_KEY = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');

const EXAMPLES: Example[] = [
  {
    // The vector of the Standard Webhooks libraries.
    preset: 'standard',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    body: '{"test": 2432232314}',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    proof: 'webhook-signature',
    time: ['webhook-timestamp', 1_614_265_330_000],
    other: `v1,${mac('sha512', STANDARD_KEY, 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}', 'base64')}`,
    prove: (body, encoding = 'base64') =>
      `v1,${mac('sha256', STANDARD_KEY, after('msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.', body), encoding)}`,
    eventId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  },
  {
    // docs.github.com, "Validating webhook deliveries".
    preset: 'github',
    secret: "It's a Secret to Everybody",
    body: 'Hello, World!',
    headers: {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    },
    proof: 'x-hub-signature-256',
    other: `sha256=${mac('sha1', "It's a Secret to Everybody", 'Hello, World!', 'hex')}`,
    prove: (body, encoding = 'hex') => `sha256=${mac('sha256', "It's a Secret to Everybody", body, encoding)}`,
    eventId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  },
  {
    // docs.stripe.com, "Verify webhook signatures manually": the scheme; the values follow from it.
    preset: 'stripe',
    secret: 'whsec_test_secret',
    body: '{"id":"evt_1NG8Du2eZvKYlo2CUI79vXWy","object":"event"}',
    headers: {
      'stripe-signature': `t=1492774577,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39,v1=${mac('sha256', 'whsec_test_secret', '1492774577.{"id":"evt_1NG8Du2eZvKYlo2CUI79vXWy","object":"event"}', 'hex')}`,
    },
    proof: 'stripe-signature',
    time: ['stripe-signature', 1_492_774_577_000],
    other: `t=1492774577,v1=${mac('sha512', 'whsec_test_secret', '1492774577.{"id":"evt_1NG8Du2eZvKYlo2CUI79vXWy","object":"event"}', 'hex')}`,
    prove: (body, encoding = 'hex') =>
      `t=1492774577,v1=${mac('sha256', 'whsec_test_secret', after('1492774577.', body), encoding)}`,
    eventId: 'evt_1NG8Du2eZvKYlo2CUI79vXWy',
  },
  {
    // api.slack.com, "Verifying requests from Slack".
    preset: 'slack',
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    body: SLACK_BODY,
    headers: {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
    proof: 'x-slack-signature',
    time: ['x-slack-request-timestamp', 1_531_420_618_000],
    other: `v0=${mac('sha1', '8f742231b10e8888abcd99yyyzzz85a5', `v0:1531420618:${SLACK_BODY}`, 'hex')}`,
    prove: (body, encoding = 'hex') =>
      `v0=${mac('sha256', '8f742231b10e8888abcd99yyyzzz85a5', after('v0:1531420618:', body), encoding)}`,
    eventId: null,
  },
  {
    // shopify.dev, "Verify webhook deliveries": base64 of the HMAC of the body; the values follow from it.
    preset: 'shopify',
    secret: 'hush',
    body: '{"id":820982911946154508}',
    headers: {
      'x-shopify-hmac-sha256': mac('sha256', 'hush', '{"id":820982911946154508}', 'base64'),
      'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    },
    proof: 'x-shopify-hmac-sha256',
    other: mac('sha512', 'hush', '{"id":820982911946154508}', 'base64'),
    prove: (body, encoding = 'base64') => mac('sha256', 'hush', body, encoding),
    eventId: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
  },
  {
    preset: 'hmac',
    secret: 'sesame',
    body: '{"n":1}',
    headers: {
      'x-sign': `sha1=${mac('sha1', 'sesame', 'POST\n/orders\n2026-01-01T00:00:00Z\n{"n":1}', 'base64')}`,
      'x-time': '2026-01-01T00:00:00Z',
    },
    hmac: {
      header: 'X-Sign',
      algorithm: 'sha1',
      encoding: 'base64',
      prefix: 'sha1=',
      timestampHeader: 'X-Time',
      signed: '{method}\n{path}\n{timestamp}\n{body}',
    },
    proof: 'x-sign',
    time: ['x-time', Date.parse('2026-01-01T00:00:00Z')],
    other: `sha1=${mac('sha256', 'sesame', 'POST\n/orders\n2026-01-01T00:00:00Z\n{"n":1}', 'base64')}`,
    prove: (body, encoding = 'base64') =>
      `sha1=${mac('sha1', 'sesame', after('POST\n/orders\n2026-01-01T00:00:00Z\n', body), encoding)}`,
  },
  {
    // RFC 6750, 2.1.
    preset: 'bearer',
    secret: 'mF_9.B5f-4.1JqM',
    body: '',
    headers: { authorization: 'Bearer mF_9.B5f-4.1JqM' },
    proof: 'authorization',
    other: 'Basic mF_9.B5f-4.1JqM',
  },
  {
    // RFC 7617, 2.
    preset: 'basic',
    secret: 'Aladdin:open sesame',
    body: '',
    headers: { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' },
    proof: 'authorization',
    other: 'Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  },
];

const requestOf = (headers: Headers, body: string | Buffer): Received => ({
  method: 'POST',
  rest: '/orders',
  url: 'https://blok.test/hooks/x/orders',
  sender: { name: null, via: null },
  headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value].flat()])),
  raw: Buffer.from(body),
  body: Buffer.from(body),
});

describe.each(EXAMPLES)('verify: $preset', (example) => {
  const preset = PRESETS.get(example.preset)!;
  const keyOf = (secret: string): Key => (preset.key ? preset.key(secret)! : secret);
  const at = example.time?.[1] ?? 0;
  const judge = (change: { headers?: Headers; body?: string | Buffer; secrets?: string[]; now?: number } = {}) => {
    const { headers = {}, body = example.body, secrets = [example.secret], now = at } = change;
    const request = requestOf({ ...example.headers, ...headers }, body);
    return preset.check(request, request.raw, secrets.map(keyOf), {
      now,
      toleranceMs: 300_000,
      hmac: example.hmac ?? {},
    });
  };
  const proof = String(example.headers[example.proof]);
  const otherSecret =
    { standard: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', basic: 'Aladdin:close' }[example.preset] ?? 'another';
  const { prove } = example;

  it('takes the documented example', () => {
    expect(judge()).toBe(true);
  });

  it('takes two secrets while one is rotated, and no other', () => {
    expect(judge({ secrets: [otherSecret, example.secret] })).toBe(true);
    expect(judge({ secrets: [example.secret, otherSecret] })).toBe(true);
    expect(judge({ secrets: [otherSecret] })).toBe(false);
    expect(judge({ secrets: [] })).toBe(false);
  });

  if (prove) {
    const judgeAs = (signed: string | Buffer, body: string | Buffer = signed) =>
      judge({ headers: { [example.proof]: prove(Buffer.from(signed)) }, body });

    it.each([
      ['no bytes', ''],
      ['letters of several bytes', 'Grüße 😀'],
      ['a byte order mark', '\ufeff{}'],
      ['zero bytes and no UTF-8', Buffer.from([0, 0xff, 0xc0, 0x80, 0])],
      ['ends of lines', '{}\r\n\n'],
      ['a megabyte', Buffer.alloc(1_000_000, 7)],
    ])('takes %s', (_, body) => {
      expect(judgeAs(body)).toBe(true);
    });

    it.each([
      ['letters that look the same', 'Gr\u00fc\u00dfe', 'Gru\u0308\u00dfe'],
      ['a byte order mark that is gone', '\ufeff{}', '{}'],
      ['another end of the line', '{}\n', '{}\r\n'],
      ['a blank at the end', '{}', '{} '],
      ['replaced bytes', Buffer.from([0xff]), '\ufffd'],
      ['JSON that says the same', '{"a":1,"b":2}', '{"b":2,"a":1}'],
    ])('refuses %s', (_, signed, body) => {
      expect(judgeAs(signed, body)).toBe(false);
    });

    it('refuses the right signature in another encoding', () => {
      const body = Buffer.from(example.body);
      const all = (['hex', 'base64'] as const).map((encoding) =>
        judge({ headers: { [example.proof]: prove(body, encoding) } }),
      );
      expect(all.toSorted()).toEqual([false, true]);
    });

    it('refuses each changed byte of the body', () => {
      const bytes = Buffer.from(example.body);
      for (let index = 0; index < bytes.length; index += 7) {
        const changed = Buffer.from(bytes);
        changed[index] = changed[index]! ^ 1;
        expect(judge({ body: changed })).toBe(false);
      }
      expect(judge({ body: `${example.body} ` })).toBe(false);
    });
  }

  it('refuses a changed byte of the proof', () => {
    // Not in the scheme's name, which may be written in either case, nor in a signature that is not read (`v0`).
    for (const index of [proof.indexOf(' ') + 1, proof.search(/[=,]/) + 3, proof.length - 3]) {
      const letter = proof[index] === '1' ? '2' : '1';
      expect(judge({ headers: { [example.proof]: proof.slice(0, index) + letter + proof.slice(index + 1) } })).toBe(
        false,
      );
    }
  });

  if (example.time !== undefined)
    it('refuses what is older than five minutes, or that far ahead', () => {
      expect(judge({ now: at + 299_000 })).toBe(true);
      expect(judge({ now: at - 299_000 })).toBe(true);
      expect(judge({ now: at + 301_000 })).toBe(false);
      expect(judge({ now: at - 301_000 })).toBe(false);
    });

  it('refuses a header that is missing, doubled or malformed', () => {
    const needed = [example.proof, ...(example.time ? [example.time[0]] : [])];
    for (const name of needed) {
      const value = String(example.headers[name]);
      expect(judge({ headers: { [name]: [] } })).toBe(false);
      expect(judge({ headers: { [name]: [value, value] } })).toBe(false);
      expect(judge({ headers: { [name]: [value, 'x'] } })).toBe(false);
      for (const odd of [
        '',
        ' ',
        ',',
        '=',
        'x',
        `${value},${value}`,
        `"${value}"`,
        value.slice(0, -6),
        `${value.slice(0, 9)} ${value.slice(9)}`,
        '\u0000',
        '9'.repeat(400),
      ])
        expect(judge({ headers: { [name]: odd } }), JSON.stringify(odd)).toBe(false);
    }
  });

  if (example.time !== undefined && example.time[0] !== example.proof)
    it('refuses another time, and the same time written otherwise', () => {
      const [name] = example.time!;
      const written = String(example.headers[name]);
      const seconds = String(at / 1000);
      for (const odd of [
        seconds + 1,
        `0${written}`,
        `+${written}`,
        `${written}.0`,
        `${written}000`,
        `-${written}`,
        '1e9',
        'now',
      ])
        expect(judge({ headers: { [name]: odd } }), odd).toBe(false);
    });

  it('refuses another algorithm', () => {
    expect(judge({ headers: { [example.proof]: example.other! } })).toBe(false);
  });

  if (example.eventId !== undefined)
    it('knows the id of the event', () => {
      let body: unknown = null;
      try {
        body = JSON.parse(example.body);
      } catch {
        // The example is no JSON.
      }
      expect(preset.eventId!(requestOf(example.headers, example.body), body)).toBe(example.eventId);
    });
});

describe('basic', () => {
  it('has no key for a secret without a password', () => {
    const { key } = PRESETS.get('basic')!;
    for (const odd of ['', ':', 'Aladdin', 'Aladdin:']) expect(key!(odd), odd).toBeNull();
    expect(key!(':sesame')).toBe(':sesame');
  });
});

describe('Standard Webhooks', () => {
  const preset = PRESETS.get('standard')!;
  const [{ headers, body, secret, time }] = EXAMPLES as [Example];
  const judge = (signature: string) =>
    preset.check(
      requestOf({ ...headers, 'webhook-signature': signature }, body),
      Buffer.from(body),
      [preset.key!(secret)!],
      {
        now: time![1],
        toleranceMs: 300_000,
        hmac: {},
      },
    );

  it('takes one of several signatures, and knows only version 1', () => {
    const right = String(headers['webhook-signature']);
    expect(judge(`v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ${right}`)).toBe(true);
    expect(judge(`v1a,abc ${right}`)).toBe(true);
    expect(judge(right.replace('v1,', 'v1a,'))).toBe(false);
    expect(judge(Array.from({ length: 11 }, () => right).join(' '))).toBe(false);
  });

  it('has no key for a secret that is not of its form', () => {
    for (const odd of ['whsec_', 'whsec_short', 'not base64!', 'whsec_%%%%']) expect(preset.key!(odd)).toBeNull();
  });
});
