import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redactorOf } from './redact.ts';

const redactor = redactorOf({ name: 'c', type: 't', data: { token: 'sécret-token-1' }, hosts: [] });

async function passed(bytes: Buffer, sizes: readonly number[]): Promise<Buffer> {
  const source = async function* () {
    let at = 0;
    for (let turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length]!;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  };
  const parts: Uint8Array[] = [];
  for await (const part of redactor.stream(source())) parts.push(part);
  return Buffer.concat(parts);
}

const piece = fc.oneof(
  fc.constantFrom('sécret-token-1', Buffer.from('sécret-token-1').toString('base64'), 'sécret', 'token', '\u0000', 's'),
  fc.string({ maxLength: 30 }),
);

it('takes secrets out of bytes as they pass, wherever the bytes are cut, as out of the whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
      async (pieces, sizes) => {
        const bytes = Buffer.from(pieces.join(''));
        expect((await passed(bytes, sizes)).toString('hex')).toBe(Buffer.from(redactor.bytes(bytes)).toString('hex'));
      },
    ),
    { numRuns: 300 },
  );
});
