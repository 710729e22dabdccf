import { SIGNED_PLACEHOLDER } from '../../../graph/node-types/webhook-trigger.ts';
import { type Head, single } from '../request.ts';
import { type Algorithm, decodeSignature, type Encoding, isFresh, isSigned, timeOf } from './compare.ts';
import type { Preset } from './types.ts';

/** Any HMAC, as the trigger's `hmac` describes it. */
export const hmac: Preset = {
  check: (request, body, keys, options) => {
    const { header, prefix = '', timestampHeader, signed = '{body}' } = options.hmac as Record<string, string>;
    const { algorithm = 'sha256', encoding = 'hex' } = options.hmac as { algorithm?: Algorithm; encoding?: Encoding };
    const written = single(request.headers, header ?? '');
    if (!written?.startsWith(prefix)) return false;
    const given = decodeSignature(written.slice(prefix.length), encoding, algorithm);
    const time = timestampHeader === undefined ? '' : single(request.headers, timestampHeader);
    if (given === null || time === null) return false;
    const parts = partsOf(signed, request, { body, time });
    const isGenuine = parts !== null && isSigned(parts, [given], keys, algorithm);
    return isGenuine && (timestampHeader === undefined || isFresh(timeOf(time), options));
  },
};

/** What is signed, with its placeholders filled in; null if it names a header that did not come exactly once. */
function partsOf(
  signed: string,
  request: Head,
  { body, time }: { body: Buffer; time: string },
): (string | Uint8Array)[] | null {
  const parts: (string | Uint8Array)[] = [];
  let copied = 0;
  for (const { 0: whole, 1: name, 2: header, index } of signed.matchAll(SIGNED_PLACEHOLDER)) {
    const value = header === undefined ? filled(name!, request, { body, time }) : single(request.headers, header);
    if (value === null) return null;
    parts.push(signed.slice(copied, index), value);
    copied = index + whole.length;
  }
  return [...parts, signed.slice(copied)];
}

function filled(
  name: string,
  { method, rest, url }: Head,
  { body, time }: { body: Buffer; time: string },
): string | Uint8Array {
  switch (name) {
    case 'body':
      return body;
    case 'timestamp':
      return time;
    case 'method':
      return method;
    case 'path':
      return rest;
    default:
      return url;
  }
}
