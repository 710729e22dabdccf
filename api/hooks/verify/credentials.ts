import { single } from '../request.ts';
import { isOneOf } from './compare.ts';
import type { Preset } from './types.ts';

/** `Authorization: Bearer …`: the secret itself. */
export const bearer: Preset = {
  scheme: 'Bearer',
  isGuessable: true,
  check: ({ headers }, _body, keys) => {
    const given = /^bearer ([\x21-\x7e]+)$/i.exec(single(headers, 'authorization') ?? '')?.[1];
    return given !== undefined && isOneOf(given, keys);
  },
};

/** `Authorization: Basic …`: the secret is `user:password`. */
export const basic: Preset = {
  scheme: 'Basic realm="webhook"',
  isGuessable: true,
  // Without a password, a name that is no secret would open the webhook.
  key: (secret) => (/^[^:]*:./s.test(secret) ? secret : null),
  check: ({ headers }, _body, keys) => {
    const given = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(single(headers, 'authorization') ?? '')?.[1];
    return given !== undefined && isOneOf(Buffer.from(given, 'base64').toString('utf8'), keys);
  },
};

/** Whoever knows the address may send. */
export const none: Preset = { check: () => true };
