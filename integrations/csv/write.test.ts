import { describe, expect, it } from 'vitest';
import type { Json } from '../../graph/json.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { read } from './read.ts';
import { write } from './write.ts';

describe('csv.write', { timeout: 60_000 }, () => {
  it('writes rows as text', async () => {
    const rows: Json[] = [{ id: '007', name: 'Ann, "the" first' }, { id: 8, note: null, tags: ['a'] }, { id: true }];
    const { text } = await runNode(write, fakeContext(), { rows });
    expect(text).toBe('id,name,note,tags\n007,"Ann, ""the"" first",,\n8,,,"[""a""]"\ntrue,,,\n');
  });

  it('writes the columns that are asked for, in the way that is asked for', async () => {
    const rows: Json[] = [{ a: 1, b: 2 }, [3, 4]];
    const parameters = { rows, columns: ['b', 'a'], separator: ';', lineBreak: 'crlf' as const };
    const { text } = await runNode(write, fakeContext(), { ...parameters, byteOrderMark: true });
    expect(text).toBe('\ufeffb;a\r\n2;1\r\n3;4\r\n');
    expect((await runNode(write, fakeContext(), { ...parameters, header: false })).text).toBe('2;1\r\n3;4\r\n');
  });

  it('writes no text that a spreadsheet would run', async () => {
    const rows = [{ a: '=HYPERLINK("http://x")', b: -5 }];
    expect((await runNode(write, fakeContext(), { rows })).text).toContain(`"'=HYPERLINK`);
    expect((await runNode(write, fakeContext(), { rows, formulas: 'keep' })).text).toContain('"=HYPERLINK');
  });

  it('loses no row whose only field is empty', async () => {
    const rows = [{ a: null }, { a: 'x' }, { a: '' }];
    const { text } = await runNode(write, fakeContext(), { rows });
    expect(text).toBe('a\n""\nx\n""\n');
    const back = [{ a: '' }, { a: 'x' }, { a: '' }];
    expect((await runNode(read, fakeContext(), { text: text! })).rows).toEqual(back);
    expect((await runNode(write, fakeContext(), { rows: [{ '': 1 }] })).text).toBe('""\n1\n');
  });

  it('writes into the store, and reads back what it wrote', async () => {
    const ctx = fakeContext();
    const rows = [{ id: '1', text: 'line\nbreak' }];
    expect(await runNode(write, ctx, { rows, saveAs: 'out/a.csv' })).toMatchObject({ path: 'out/a.csv', rows: 1 });
    expect((await runNode(read, ctx, { path: 'out/a.csv' })).rows).toEqual(rows);
    const { blob } = await runNode(write, ctx, { rows, as: 'blob' });
    expect((await runNode(read, ctx, { blob: blob! })).rows).toEqual(rows);
    expect((await failure(runNode(write, ctx, { rows, saveAs: '../a' }))).code).toBe('file.path');
  });
});
