import { expect, it } from 'vitest';
import { decodeSignature } from './compare.ts';

it('looks at no signature that is longer than one can be', () => {
  const right = Buffer.alloc(32, 7).toString('base64');
  expect(decodeSignature(right, 'base64')).toEqual(Buffer.alloc(32, 7));
  expect(decodeSignature(right, 'base64url')).toEqual(Buffer.alloc(32, 7));
  expect(decodeSignature(`${right}=`, 'base64')).toBeNull();
});
