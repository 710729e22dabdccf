import { single } from '../request.ts';
import { decodeSignature, isSigned } from './compare.ts';
import type { Preset } from './types.ts';

/** GitHub: `X-Hub-Signature-256`. GitHub signs no time, so only the delivery's id tells a repetition. */
export const github: Preset = {
  check: ({ headers }, body, keys) => {
    const signature = single(headers, 'x-hub-signature-256');
    if (!signature?.startsWith('sha256=')) return false;
    const given = decodeSignature(signature.slice('sha256='.length), 'hex');
    return given !== null && isSigned([body], [given], keys);
  },
  eventId: ({ headers }) => single(headers, 'x-github-delivery'),
};
