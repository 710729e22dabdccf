/** The proof of a start in few bytes, because each activity of its run carries the proof through history. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { fromBase64, toBase64 } from '../expression/library/encoding.ts';
import { fromUtf8, toUtf8 } from '../expression/library/utf8.ts';

/** Hash and signature of a start, as texts. */
interface Proof {
  /** In hexadecimal. */
  readonly digest: string;
  /** In Base64url. */
  readonly mac: string;
}

/** Bytes of a SHA-256, and of an HMAC made with it. */
const BYTES = 32;

/** Whether a proof has the form of those that Blok makes. */
export const isPackable = ({ digest, mac }: Proof): boolean => /^[0-9a-f]{64}$/.test(digest) && /^[\w-]{43}$/.test(mac);

/** Hash, signature, and the run's id if its workflow id does not tell it. */
export function packProof({ digest, mac }: Proof, runId = ''): Uint8Array {
  const id = toUtf8(runId);
  const bytes = new Uint8Array(2 * BYTES + id.length);
  bytes.set(hexToBytes(digest));
  bytes.set(fromBase64(mac)!, BYTES);
  bytes.set(id, 2 * BYTES);
  return bytes;
}

/** What was packed. Undefined if nobody packed these bytes. */
export function unpackProof(bytes: Uint8Array): { readonly proof: Proof; readonly runId?: string } | undefined {
  const runId = fromUtf8(bytes.subarray(2 * BYTES));
  if (bytes.length < 2 * BYTES || runId === null) return undefined;
  const digest = bytesToHex(bytes.subarray(0, BYTES));
  const mac = toBase64(bytes.subarray(BYTES, 2 * BYTES))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  return { proof: { digest, mac }, ...(runId === '' ? {} : { runId }) };
}
