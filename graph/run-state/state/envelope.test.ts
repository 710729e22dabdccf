import { describe, expect, it } from 'vitest';
import { Reference } from '../../expression/runtime.ts';
import { isWhole, seal, unseal } from './envelope.ts';

const ref = (pointer = '') => new Reference({ sha256: 'aa', size: 9, pointer, inline: { '/n': 1 } });

describe('an envelope', () => {
  it('holds references beside the value, never in it', () => {
    const value = { 'a/b': [1, ref('/x')], '~': { c: ref() } };
    const sealed = JSON.parse(JSON.stringify(seal(value)));
    expect(sealed.value).toEqual({ 'a/b': [1, null], '~': { c: null } });
    expect(sealed.refs.map(({ at }: { at: string }) => at)).toEqual(['/a~1b/1', '/~0/c']);
    expect(unseal(sealed)).toEqual(value);
  });

  it('takes nothing for a reference that looks like one', () => {
    const forged = { sha256: 'aa', size: 9, pointer: '', inline: {} };
    expect(seal(forged)).toEqual({ value: forged });
    expect(isWhole({ deep: [forged] })).toBe(true);
    expect(isWhole({ deep: [ref()] })).toBe(false);
  });

  it('may be a reference as a whole', () => {
    expect(unseal(JSON.parse(JSON.stringify(seal(ref('/y')))))).toEqual(ref('/y'));
  });

  it('keeps a key named __proto__ a key', () => {
    const value = Object.assign(JSON.parse('{"__proto__":{"polluted":true}}'), { r: ref() });
    const restored = unseal(JSON.parse(JSON.stringify(seal(value)))) as object;
    expect(Object.keys(restored)).toEqual(['__proto__', 'r']);
    expect('polluted' in restored).toBe(false);
  });

  it('shares what holds no reference', () => {
    const part = { big: [1, 2, 3] };
    const sealed = seal({ part, r: ref() }).value as { part: unknown };
    expect(sealed.part).toBe(part);
  });
});
