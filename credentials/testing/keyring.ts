import { parseKeyring } from '../../db/index.ts';

/** The key of the tests, also in processes of their own. */
export const KEYRING = parseKeyring(Buffer.alloc(32, 7).toString('base64'));
