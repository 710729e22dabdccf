import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPackable, packProof, unpackProof } from './packed-proof.ts';

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

it('gives back every proof, with the id of its run or without', () => {
  fc.assert(
    fc.property(bytes, bytes, fc.string(), (hash, signature, runId) => {
      const digest = Buffer.from(hash).toString('hex');
      const proof = { digest, mac: Buffer.from(signature).toString('base64url') };
      expect(isPackable(proof)).toBe(true);
      const packed = packProof(proof, runId);
      expect(packed.length).toBe(64 + Buffer.byteLength(runId));
      expect(unpackProof(packed)).toEqual({ proof, ...(runId === '' ? {} : { runId }) });
    }),
  );
});

it('takes nothing else for a proof', () => {
  const proof = { digest: '0f'.repeat(32), mac: 'A'.repeat(43) };
  for (const change of [{ digest: '0F'.repeat(32) }, { digest: '' }, { mac: 'AAAA' }, { mac: `${proof.mac}=` }])
    expect(isPackable({ ...proof, ...change })).toBe(false);
  expect(isPackable({ ...proof, mac: undefined as never })).toBe(false);
  expect(unpackProof(new Uint8Array(63))).toBeUndefined();
  expect(unpackProof(Uint8Array.from([...packProof(proof), 0xff]))).toBeUndefined();
});
