import { TOKEN } from './programs.ts';

/** Sizes of token accounts; of Token-2022, with room for everything that mints ask for. */
export const TOKEN_ACCOUNT_SIZE = 165;
export const EXTENDED_ACCOUNT_SIZE = 270;

/**
 * What a token account may hold to exist, in lamports: 6,960 for each byte, and for 128 bytes that every account has. The
 * signer cannot ask the chain, so it counts with this; where rent is lower, less is spent than was set aside.
 */
export const mostTokenRent = (program: string): bigint =>
  6_960n * BigInt(128 + (program === TOKEN ? TOKEN_ACCOUNT_SIZE : EXTENDED_ACCOUNT_SIZE));
