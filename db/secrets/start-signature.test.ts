import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sandboxDigest } from '../../graph/start/sandbox-digest.ts';
import { claimOf, type StartInput } from '../../workflows/contract.ts';
import { parseKeyring } from './keyring.ts';
import { createSigner } from './start-signature.ts';

const A = Buffer.alloc(32, 1).toString('base64');
const B = Buffer.alloc(32, 2).toString('base64');
const ID = 'default/pay/call/1';
const START: StartInput = {
  interpreterVersion: 2,
  workspace: 'default',
  workflow: 'pay',
  version: 3,
  runId: 'r1',
  plan: { name: 'pay', hash: 'h', language: 1, effects: [], body: { nodes: [] } },
  trigger: { id: null, uses: 'call', at: '2026-01-01T00:00:00.000Z', key: null },
  input: { amount: 5 },
  vars: { limit: 10 },
  url: 'http://blok.test/api/runs/r1',
  startedAt: '2026-01-01T00:00:00.000Z',
};
const signer = createSigner(parseKeyring(A));
const asSent = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('the signature of a start', () => {
  const claim = claimOf(signer.sign(START, ID))!;

  it('is known by whoever has the key, also after a new key was put before it', () => {
    expect(signer.verify(claim, ID)).toBe(true);
    expect(createSigner(parseKeyring(`${B},${A}`)).verify(claim, ID)).toBe(true);
    expect(createSigner(parseKeyring(B)).verify(claim, ID)).toBe(false);
  });

  it.each([
    ['workspace', { workspace: 'other' }],
    ['workflow', { workflow: 'other' }],
    ['run', { runId: 'r2' }],
    ['digest', { proof: { ...claim.proof, digest: claim.proof.digest.replace(/^./, '_') } }],
    ['signature', { proof: { ...claim.proof, mac: '' } }],
  ])('holds for its %s only', (_, change) => {
    expect(signer.verify({ ...claim, ...change }, ID)).toBe(false);
  });

  it('stays wrong after right ones, of however many runs, and right after all of them', () => {
    const wrong = { ...claim, proof: { ...claim.proof, mac: `${claim.proof.mac}x` } };
    for (let run = 0; run < 3_000; run++) {
      const other = claimOf(signer.sign({ ...START, runId: `r${run}` }, ID))!;
      expect(signer.verify(other, ID) && signer.verify(other, ID)).toBe(true);
    }
    expect(signer.verify(wrong, ID)).toBe(false);
    expect(signer.verify(claim, ID)).toBe(true);
  });

  it('holds for its workflow id only', () => {
    expect(signer.verify(claim, `${ID}x`)).toBe(false);
    expect(sandboxDigest(START, `${ID}x`)).not.toBe(claim.proof.digest);
  });
});

describe('the hash of a start', () => {
  const digestOf = (start: StartInput) => signer.sign(start, ID).proof.digest;

  it.each<[string, Partial<StartInput>]>([
    ['plan', { plan: { ...START.plan, hash: 'h', body: { nodes: [{ id: 'x' }] } } as never }],
    ['input', { input: { amount: 50 } }],
    ['input, as a reference', { input: { amount: 5 }, inputByReference: true }],
    ['plan, as a reference', { planByReference: true }],
    ['variables', { vars: { limit: 11 } }],
    ['trigger', { trigger: { ...START.trigger, key: 'k' } }],
    ['stored part of the trigger', { triggerByReference: { body: { sha256: 'x', size: 1 } } }],
    ['depth', { depth: 1 }],
    ['priority', { priority: 1 }],
    ['version', { version: null }],
    ['interpreter', { interpreterVersion: 1 }],
  ])('changes with the %s', (_, change) => {
    expect(digestOf({ ...START, ...change })).not.toBe(digestOf(START));
  });

  it('is the same in the sandbox, for any JSON that was sent and read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (input, vars) => {
        const start = { ...START, input, vars } as StartInput;
        expect(sandboxDigest(asSent(start), ID)).toBe(digestOf(start));
      }),
    );
    for (const input of ['\ud800', { 10: 1, b: 2, 9: 3 }, JSON.parse('{"__proto__":1}'), -0, 1e21, '\u2028'])
      expect(sandboxDigest(asSent({ ...START, input }), ID)).toBe(digestOf({ ...START, input }));
    const long = { ...START, plan: { ...START.plan, label: 'x'.repeat(100_000) } } as StartInput;
    expect(sandboxDigest(asSent(long), ID)).toBe(digestOf(long));
  });
});
