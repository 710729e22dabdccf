import { expect, it } from 'vitest';
import { allowedHeaders } from './headers.ts';

it('sends no header that commands a proxy', () => {
  const headers = {
    'X-Accel-Redirect': '/internal',
    'x-sendfile': '/etc/passwd',
    'Surrogate-Control': 'a',
    'X-Own': 'b',
  };
  expect(allowedHeaders(headers)).toEqual({ 'x-own': 'b' });
});
