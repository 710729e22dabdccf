import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { toUtf8 } from '../expression/library/utf8.ts';
import { createLru } from '../lru.ts';
import { type SignedStart, startDigest } from './digest.ts';
import { runIdFrom } from './run-id.ts';

/** Plans that are compared instead of hashed again, and the longest of them. */
const KEPT_PLANS = 100;
const LONGEST_KEPT = 32_768;

/** By their JSON. All runs of a worker share these, because most of its runs have one of a few plans. */
const planDigests = createLru<string>(KEPT_PLANS);

const hashed = (text: string): string => bytesToHex(sha256(toUtf8(text)));

function planDigestOf(plan: object): string {
  const text = JSON.stringify(plan);
  if (text.length > LONGEST_KEPT) return hashed(text);
  return planDigests.get(text) ?? planDigests.set(text, hashed(text));
}

/** The hash of a start, where Node's own hashes cannot be reached. */
export const sandboxDigest = (start: SignedStart, workflowId: string): string =>
  startDigest(start, workflowId, hashed, planDigestOf(start.plan));

/** The id of a run, where Node's own hashes cannot be reached. */
export const sandboxRunId = (workflowId: string): string => runIdFrom(sha256(toUtf8(workflowId)));
