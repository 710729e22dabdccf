import { describe, expect, it } from 'vitest';
import { zipOf } from './testing/zip.ts';
import { readZipMember } from './zip.ts';

describe('readZipMember', () => {
  const archive = zipOf({ 'a/one': 'first', '../../two': 'second', empty: '' });

  it('reads the file of exactly this name', () => {
    expect(String(readZipMember(archive, 'a/one'))).toBe('first');
    expect(String(readZipMember(archive, 'empty'))).toBe('');
    expect(() => readZipMember(archive, 'one')).toThrow('there is no one in the archive');
  });

  it('reads past a comment at the end', () => {
    const comment = Buffer.from(archive);
    comment.writeUInt16LE(5, archive.length - 2);
    expect(String(readZipMember(Buffer.concat([comment, Buffer.from('hello')]), 'a/one'))).toBe('first');
  });

  it('refuses damaged archives, and files that are not archives', () => {
    const swapped = Buffer.from(archive);
    const crcInDirectory = archive.lastIndexOf('PK\x01\x02') + 16;
    swapped.writeUInt32LE(1, crcInDirectory);
    expect(() => readZipMember(swapped, 'empty')).toThrow('empty is damaged in the archive');
    expect(() => readZipMember(Buffer.from('an answer of a proxy that is no archive'), 'a/one')).toThrow(
      'it is no zip archive',
    );
    expect(() => readZipMember(Buffer.alloc(0), 'a/one')).toThrow('it is no zip archive');
  });

  it('inflates no more than the archive declares', () => {
    const bomb = zipOf({ bomb: 'x'.repeat(1_000_000) });
    bomb.writeUInt32LE(10, bomb.lastIndexOf('PK\x01\x02') + 24);
    expect(() => readZipMember(bomb, 'bomb')).toThrow(/larger than 10 bytes/);
  });
});
