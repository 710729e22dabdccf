import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEEPS_ALL, learningRedactor, redactorOf } from './redact.ts';
import { HIDDEN } from './redact-stream.ts';

const connection = (data: Record<string, unknown>) => ({ name: 'c', type: 't', data, hosts: [] });
const redactor = (token: string) => redactorOf(connection({ token, user: 'ada-lovelace' }), ['token']);
const SECRET = 'k3y/with+odd "chars" ü';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('redactorOf', () => {
  it.each([
    ['as it is', `token ${SECRET}!`, `token ${HIDDEN}!`],
    ['in JSON', JSON.stringify({ token: SECRET }), `{"token":"${HIDDEN}"}`],
    ['in an address', `https://x.test/?k=${encodeURIComponent(SECRET)}&a=1`, `https://x.test/?k=${HIDDEN}&a=1`],
    ['in lower case escapes', encodeURIComponent(SECRET).replace(/%../g, (b) => b.toLowerCase()), HIDDEN],
    ['in a form', new URLSearchParams({ k: SECRET }).toString(), `k=${HIDDEN}`],
    ['in base64', `x ${base64(SECRET)} y`, `x ${HIDDEN} y`],
    ['in base64 of its escaped form', base64(encodeURIComponent(SECRET)), HIDDEN],
    ['in base64 of base64', base64(base64(SECRET)), HIDDEN],
    ['in hex', Buffer.from(SECRET).toString('hex'), HIDDEN],
    ['twice', `${SECRET}${SECRET}`, `${HIDDEN}${HIDDEN}`],
  ])('hides a secret %s', (_, text, expected) => {
    expect(redactor(SECRET).text(text)).toBe(expected);
  });

  it('hides a secret within a longer base64 text, wherever it begins', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 9 }), fc.string({ minLength: 6, maxLength: 40 }), (user, secret) => {
        const shown = redactor(secret).text(base64(`${user}:${secret}@`));
        expect(shown).toContain(HIDDEN);
        // The rest holds at most the neighbours and the halves of the characters that they share with the secret.
        const left = shown.split(HIDDEN).map((part) => Math.floor((part.replace(/=+$/, '').length * 6) / 8));
        expect(Math.max(...left)).toBeLessThanOrEqual(Buffer.byteLength(user) + 3);
      }),
    );
  });

  it('hides it in values and keys, and gives back the same value where there is none', () => {
    const { value } = redactor(SECRET);
    const clean = { a: ['x', 1, null, { b: true }] };
    expect(value(clean)).toBe(clean);
    expect(value({ a: [`x ${SECRET}`, 1, null], [SECRET]: true })).toEqual({
      a: [`x ${HIDDEN}`, 1, null],
      [HIDDEN]: true,
    });
    expect(value(undefined)).toBeUndefined();
  });

  it('never takes out a part of a secret, because that would say that the part is right', () => {
    const { text, value, head } = redactor('abcdefghijklmnop');
    for (const part of ['the token abcdefghijklmno', 'the token abcdefghij…', 'bcdefghijklmnop']) {
      expect([text(part), value(part), head(part, 99)]).toEqual([part, part, part]);
    }
  });

  it('finds a secret before it cuts, wherever that is, in every form', () => {
    const { head } = redactor(SECRET);
    const forms = [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET), base64(SECRET)];
    for (const form of forms) {
      const before = `${form} twice `;
      const text = `${before}${form} and more ${form}`;
      expect(head(text, text.length)).toBe(`${HIDDEN} twice ${HIDDEN} and more ${HIDDEN}`);
      for (let length = before.length + 1; length < before.length + form.length; length++)
        expect(head(text, length)).toBe(`${HIDDEN} twice ${HIDDEN}`);
      expect(head(text, before.length)).toBe(`${HIDDEN} twice `);
    }
  });

  it('hides it in bytes and leaves the others alone', () => {
    const { bytes } = redactor('abcdefgh-ü');
    const clean = Buffer.from([0, 255, 128, 10]);
    expect(bytes(clean)).toBe(clean);
    const dirty = Buffer.concat([clean, Buffer.from('abcdefgh-ü'), clean]);
    expect(bytes(dirty)).toEqual(Buffer.concat([clean, Buffer.from(HIDDEN), clean]));
  });

  it('knows the password in an address, and nested fields', () => {
    const url = 'postgres://ada:p%40ssw0rd@db.test/x';
    const { text } = redactorOf(connection({ url, keys: { private: 'nested-secret' } }), ['url', 'keys']);
    expect(text('p@ssw0rd, p%40ssw0rd, nested-secret and db.test')).toBe(`${HIDDEN}, ${HIDDEN}, ${HIDDEN} and db.test`);
  });

  it('hides only secret fields, unless it does not know which fields are secret', () => {
    expect(redactor(SECRET).text('ada-lovelace')).toBe('ada-lovelace');
    expect(redactorOf(connection({ user: 'ada-lovelace' })).text('ada-lovelace')).toBe(HIDDEN);
  });

  it('leaves out secrets that are too short to be distinguished from other text', () => {
    expect(redactor('abcde')).toBe(KEEPS_ALL);
  });
});

describe('learningRedactor', () => {
  it('hides what it has learned so far, in errors that were begun before, too', () => {
    const learning = learningRedactor();
    const head = learning.head;
    learning.learn(connection({ accessToken: 'first-token' }), ['accessToken']);
    learning.learn(connection({ accessToken: 'second-token' }), ['accessToken']);
    expect(learning.text('first-token second-token')).toBe(`${HIDDEN} ${HIDDEN}`);
    expect(head('second-token', 3)).toBe(HIDDEN);
    expect(learning.value({ a: ['first-token'] })).toEqual({ a: [HIDDEN] });
  });
});

it('the keys in an address that is a secret are found alone: in the query, the path and the password', () => {
  const url =
    'https://me:pass%2Fword@rpc.test/v2/mainnet-beta/0123456789abcdef%2B?api-key=k3y%2Bk3y&cluster=mainnet-beta';
  const { text } = redactorOf({ name: 'c', type: 't', data: { urls: [url] }, hosts: [] }, ['urls']);
  expect(text('bad: pass/word, 0123456789abcdef+, k3y+k3y, k3y%2Bk3y')).toBe(
    `bad: ${HIDDEN}, ${HIDDEN}, ${HIDDEN}, ${HIDDEN}`,
  );
  expect(text('mainnet-beta on rpc.test')).toBe('mainnet-beta on rpc.test');
  const database = 'postgres://ada:pass%2Fword@db.test/customers_in_production?sslmode=verify-full-or-nothing';
  const ofDatabase = redactorOf({ name: 'c', type: 't', data: { url: database }, hosts: [] }, ['url']);
  const names = 'customers_in_production, verify-full-or-nothing';
  expect(ofDatabase.text(`${names}, pass/word`)).toBe(`${names}, ${HIDDEN}`);
});
