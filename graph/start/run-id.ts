const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** The product's id of a run: `r` and 25 digits (125 bits) of the SHA-256 of its Temporal workflow id, in Crockford's base32. */
export function runIdFrom(digest: Uint8Array): string {
  let id = 'r';
  for (let digit = 0; digit < 25; digit++) {
    const bit = digit * 5;
    const pair = (digest[bit >> 3]! << 8) | digest[(bit >> 3) + 1]!;
    id += CROCKFORD[(pair >> (11 - (bit & 7))) & 31];
  }
  return id;
}
