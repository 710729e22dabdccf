import { parseKeyring } from '../../db/index.ts';

/** The keys of all tests of the API, also of those in another process. */
export const KEYRING = parseKeyring(Buffer.alloc(32, 9).toString('base64'));
