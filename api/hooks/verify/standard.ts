import { single } from '../request.ts';
import { decodeSignature, isFresh, isSigned } from './compare.ts';
import type { Preset } from './types.ts';

/** More signatures than a sender that rotates has. */
const MAX_SIGNATURES = 10;
/** Shortest secret, in bytes. */
const MIN_BYTES = 16;

/** Standard Webhooks: `webhook-id`, `webhook-timestamp`, and one or several `v1,…` in `webhook-signature`. */
export const standard: Preset = {
  key: (secret) => {
    const text = secret.replace(/^whsec_/, '');
    const bytes = Buffer.from(text, 'base64');
    const isBase64 = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
    return isBase64 && bytes.length >= MIN_BYTES ? bytes : null;
  },
  check: ({ headers }, body, keys, options) => {
    const id = single(headers, 'webhook-id');
    const time = single(headers, 'webhook-timestamp');
    const signature = single(headers, 'webhook-signature');
    if (id === null || time === null || signature === null || !/^\d{9,11}$/.test(time)) return false;
    const written = signature.split(' ');
    if (written.length > MAX_SIGNATURES) return false;
    const signatures = written.flatMap((one) =>
      one.startsWith('v1,') ? (decodeSignature(one.slice(3), 'base64') ?? []) : [],
    );
    return isSigned([`${id}.${time}.`, body], signatures, keys) && isFresh(Number(time) * 1000, options);
  },
  eventId: ({ headers }) => single(headers, 'webhook-id'),
};
