import { single } from '../request.ts';
import { decodeSignature, isFresh, isSigned } from './compare.ts';
import { textField } from './event-field.ts';
import type { Preset } from './types.ts';

/** More parts than the header of a sender that rotates has. */
const MAX_PARTS = 20;

/** Stripe: `Stripe-Signature: t=…,v1=…`, one `v1` for each secret that is valid while it is rotated. */
export const stripe: Preset = {
  check: ({ headers }, body, keys, options) => {
    const parts = (single(headers, 'stripe-signature') ?? '').split(',').map((part) => part.trim().split('='));
    if (parts.length > MAX_PARTS || parts.some((part) => part.length !== 2)) return false;
    const valuesOf = (name: string) => parts.filter(([key]) => key === name).map(([, value]) => value!);
    const [time = '', ...more] = valuesOf('t');
    if (more.length > 0 || !/^\d{9,11}$/.test(time)) return false;
    const signatures = valuesOf('v1').flatMap((one) => decodeSignature(one, 'hex') ?? []);
    return isSigned([`${time}.`, body], signatures, keys) && isFresh(Number(time) * 1000, options);
  },
  eventId: (_request, body) => textField(body, 'id'),
};
