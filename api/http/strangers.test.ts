import { expect, it } from 'vitest';
import { allowedHeaders } from '../hooks/reply/headers.ts';
import { decodeSignature } from '../hooks/verify/compare.ts';
import { parseMultipart } from './multipart.ts';
import { strangersJson } from './strangers-json.ts';

const multipart = (...parts: string[]) =>
  parseMultipart(
    Buffer.from(
      parts
        .map((part) => `--x\r\nContent-Disposition: form-data; ${part}\r\n`)
        .join('')
        .concat('--x--\r\n'),
    ),
    'multipart/form-data; boundary=x',
  );

it('refuses a part without a name, whether a file or not, and a long name', async () => {
  await expect(multipart('filename="a"\r\n\r\nx')).rejects.toThrow('a part without a name');
  await expect(multipart(`name="${'n'.repeat(201)}"\r\n\r\nx`)).rejects.toThrow('longer than 200 characters');
  expect((await multipart(`name="${'n'.repeat(200)}"\r\n\r\n\ufffd`)).fields).toEqual([['n'.repeat(200), '\ufffd']]);
});

it.each(['{"constructor.prototype.x":1}', '{"__proto__":1}', '{"a":[{"constructor":{"prototype":1}}]}'])(
  'refuses %s',
  (text) => {
    expect(() => strangersJson(text)).toThrow('is refused');
  },
);

it('looks at no signature that is longer than one can be', () => {
  const right = Buffer.alloc(32, 7).toString('base64');
  expect(decodeSignature(right, 'base64')).toEqual(Buffer.alloc(32, 7));
  expect(decodeSignature(right, 'base64url')).toEqual(Buffer.alloc(32, 7));
  expect(decodeSignature(`${right}=`, 'base64')).toBeNull();
});

it('sends no header that commands a proxy', () => {
  const headers = {
    'X-Accel-Redirect': '/internal',
    'x-sendfile': '/etc/passwd',
    'Surrogate-Control': 'a',
    'X-Own': 'b',
  };
  expect(allowedHeaders(headers)).toEqual({ 'x-own': 'b' });
});
