import { createHash } from 'node:crypto';

/** The first eight bytes with which Anchor marks an instruction, an account or an event, by its name. */
export const discriminatorOf = (kind: 'global' | 'account' | 'event', name: string): Uint8Array =>
  createHash('sha256')
    .update(`${kind}:${kind === 'global' ? snakeCase(name) : name}`)
    .digest()
    .subarray(0, 8);

/** `placeOrderV2` is `place_order_v2`, as in the program itself. */
const snakeCase = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
