import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { read } from './read.ts';
import { write } from './write.ts';

describe('excel.write', { timeout: 60_000 }, () => {
  it('writes what excel.read reads back: dates, numbers, texts, several sheets', async () => {
    const ctx = fakeContext();
    const rows = [
      {
        day: '2026-05-31',
        at: '2026-05-31T13:30:00Z',
        amount: 1234.5,
        id: '007',
        ok: false,
        note: '=1+1 <&> "ü" \u0001',
      },
      { day: null, at: null, amount: -1, id: '2026-05-31', ok: true, note: { a: 1 } },
    ];
    const columns = [
      { key: 'day', title: 'Day', format: 'dd.mm.yyyy', width: 12 },
      { key: 'at' },
      { key: 'amount', format: '#,##0.00', bold: true, fill: '#ffeecc', align: 'right' as const },
      { key: 'id', type: 'text' as const },
      { key: 'ok' },
      { key: 'note', wrap: true },
    ];
    const sheets = [
      { name: 'May', rows, columns },
      { name: 'Lists', rows: [[1, 'a']], header: false },
    ];
    const made = await runNode(write, ctx, { sheets, saveAs: 'may.xlsx' });
    expect(made).toMatchObject({ path: 'may.xlsx', rows: 3 });
    const back = await runNode(read, ctx, { path: 'may.xlsx' });
    expect(back.columns).toEqual(['Day', 'at', 'amount', 'id', 'ok', 'note']);
    expect(back.rows).toEqual([
      {
        Day: '2026-05-31',
        at: '2026-05-31T13:30:00',
        amount: 1234.5,
        id: '007',
        ok: false,
        note: '=1+1 <&> "ü" \u0001',
      },
      { Day: null, at: null, amount: -1, id: '2026-05-31', ok: true, note: '{"a":1}' },
    ]);
    expect((await runNode(read, ctx, { path: 'may.xlsx', sheet: 2, header: false })).rows).toEqual([[1, 'a']]);
  });

  it('keeps long ids as texts, and refuses to make numbers of them', async () => {
    const ctx = fakeContext();
    const rows = [{ id: '7615917337495251231' }];
    await runNode(write, ctx, { sheets: [{ rows }], saveAs: 'ids.xlsx' });
    expect((await runNode(read, ctx, { path: 'ids.xlsx' })).rows).toEqual(rows);
    const asNumbers = { sheets: [{ rows, columns: [{ key: 'id', type: 'number' as const }] }] };
    const error = await failure(runNode(write, ctx, asNumbers));
    expect(error.code).toBe('document.value');
    expect(error.message).toContain('of which a number would lose digits: give the column the type "text"');
  });

  it('makes the same bytes of the same rows', async () => {
    const sheets = [{ rows: [{ a: 1 }] }];
    const [one, two] = [
      await runNode(write, fakeContext(), { sheets }),
      await runNode(write, fakeContext(), { sheets }),
    ];
    expect(one.blob).toEqual(two.blob);
  });

  it('writes formulas only where a column says so', async () => {
    const ctx = fakeContext();
    const sheets = [
      { rows: [{ a: 1, sum: '=A2*2' }], columns: [{ key: 'a' }, { key: 'sum', type: 'formula' as const }] },
    ];
    const { blob } = await runNode(write, ctx, { sheets });
    expect((await runNode(read, ctx, { blob: blob!, formulas: 'formulas' })).rows).toEqual([{ a: 1, sum: '=A2*2' }]);
  });

  it('says which value does not fit', async () => {
    const made = (type: 'date' | 'number', a: string) =>
      failure(runNode(write, fakeContext(), { sheets: [{ name: 'X', rows: [{ a }], columns: [{ key: 'a', type }] }] }));
    expect((await made('date', '2026-02-30')).message).toContain(
      'The value for cell A2 of the sheet "X" is "2026-02-30"',
    );
    expect((await made('number', 'many')).code).toBe('document.value');
    const twice = [{ rows: [] }, { rows: [] }];
    expect(write.input.safeParse({ sheets: twice }).success).toBe(false);
    expect(write.input.safeParse({ sheets: [{ name: 'a/b', rows: [] }] }).success).toBe(false);
  });
});
