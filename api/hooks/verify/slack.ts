import { single } from '../request.ts';
import { decodeSignature, isFresh, isSigned } from './compare.ts';
import { textField } from './event-field.ts';
import type { Preset } from './types.ts';

/** Slack: `X-Slack-Signature: v0=…` over `v0:TIME:BODY`. */
export const slack: Preset = {
  check: ({ headers }, body, keys, options) => {
    const time = single(headers, 'x-slack-request-timestamp');
    const signature = single(headers, 'x-slack-signature');
    if (time === null || !/^\d{9,11}$/.test(time) || !signature?.startsWith('v0=')) return false;
    const given = decodeSignature(signature.slice('v0='.length), 'hex');
    const isGenuine = given !== null && isSigned([`v0:${time}:`, body], [given], keys);
    return isGenuine && isFresh(Number(time) * 1000, options);
  },
  eventId: (_request, body) => textField(body, 'event_id'),
};

/** The challenge with which Slack tries an address before it sends events there; null if this is another request. */
export const slackChallenge = (body: unknown): string | null =>
  textField(body, 'type') === 'url_verification' ? textField(body, 'challenge') : null;
