import { expect, it } from 'vitest';
import { parseMultipart } from './multipart.ts';

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
