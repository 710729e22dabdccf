import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runIdOf, workflowIdOf } from './ids.ts';

describe('runIdOf', () => {
  it('is the base32 of the hash of the workflow id', () => {
    const bits = [...createHash('sha256').update('a/b/call/c').digest()]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('');
    const digits = '0123456789abcdefghjkmnpqrstvwxyz';
    const expected = Array.from(
      { length: 25 },
      (_, i) => digits[Number.parseInt(bits.slice(i * 5, i * 5 + 5), 2)],
    ).join('');
    expect(runIdOf('a/b/call/c')).toBe(`r${expected}`);
  });
});

describe('workflowIdOf', () => {
  it('says where the run belongs and carries the key hashed', () => {
    const key = createHash('sha256').update('order 7').digest('hex').slice(0, 32);
    expect(workflowIdOf({ workspace: 'default', workflow: 'pay', trigger: null, key: 'order 7' })).toBe(
      `default/pay/call/${key}`,
    );
    expect(workflowIdOf({ workspace: 'default', workflow: 'pay', trigger: 'hook', key: 'order 7' })).toBe(
      `default/pay/hook/${key}`,
    );
  });
});
