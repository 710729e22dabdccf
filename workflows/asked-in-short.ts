import { follows, isPackable } from '../graph/sandbox.ts';
import type { StartInput } from './contract.ts';

/**
 * Whether the run leaves out, in what it asks of its activities, what Temporal tells their worker anyway: of names, those
 * in the workflow's id and in the activity's id and type. Each step writes what it asks to history, and Temporal's server
 * works for each byte. The worker adds the names again (`activities/signature/whole-requests.ts`).
 */
export const asksInShort = ({ interpreterVersion: version, proof }: Asking): boolean =>
  follows({ version }, 'askedInShort') && proof !== undefined && isPackable(proof);

type Asking = Pick<StartInput, 'interpreterVersion' | 'proof'>;
