import { single } from '../request.ts';
import { decodeSignature, isSigned } from './compare.ts';
import type { Preset } from './types.ts';

/**
 * Shopify: `X-Shopify-Hmac-SHA256`. No time is signed. `X-Shopify-Webhook-Id` is the same in each attempt to deliver;
 * `X-Shopify-Event-Id` would not do, because one event may be told under several topics.
 */
export const shopify: Preset = {
  check: ({ headers }, body, keys) => {
    const given = decodeSignature(single(headers, 'x-shopify-hmac-sha256') ?? '', 'base64');
    return given !== null && isSigned([body], [given], keys);
  },
  eventId: ({ headers }) => single(headers, 'x-shopify-webhook-id'),
};
