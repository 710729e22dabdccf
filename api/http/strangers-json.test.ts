import { expect, it } from 'vitest';
import { strangersJson } from './strangers-json.ts';

it.each(['{"constructor.prototype.x":1}', '{"__proto__":1}', '{"a":[{"constructor":{"prototype":1}}]}'])(
  'refuses %s',
  (text) => {
    expect(() => strangersJson(text)).toThrow('is refused');
  },
);
