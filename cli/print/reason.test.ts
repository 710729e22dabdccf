import { expect, it } from 'vitest';
import { reasonLines } from './reason.ts';

it.each([
  ['the only field', { body: { message: 'name is taken' } }, ['name is taken']],
  [
    'all fields, because the reason may stand in any',
    { body: { title: 'Invalid', errors: { email: ['is taken'] } } },
    ['{"title":"Invalid","errors":{"email":["is taken"]}}'],
  ],
  ['any other JSON', { body: [{ field: 'name' }] }, ['[{"field":"name"}]']],
  ['text', { body: 'name is taken\n' }, ['name is taken']],
  ['a page', { body: '<html><h1>Bad gateway</h1></html>' }, ['Bad gateway']],
  [
    'what Postgres adds',
    { detail: 'Key (id)=(1) exists.', hint: 'Update.' },
    ['detail: Key (id)=(1) exists.', 'hint: Update.'],
  ],
  ['no details', undefined, []],
  ['an empty body', { body: '' }, []],
  ['a body that is null', { body: null }, []],
])('shows %s', (_, details, lines) => {
  expect(reasonLines(details as never)).toEqual(lines);
});

it('keeps a long or hostile body from filling the screen or steering the terminal', () => {
  const lines = reasonLines({ body: `${'x'.repeat(5_000)}\n\u001b[2Jgone\n${'line\n'.repeat(50)}` });
  expect(lines).toHaveLength(6);
  expect(lines[0]).toHaveLength(300);
  expect(lines[1]).toBe(' [2Jgone');
});
