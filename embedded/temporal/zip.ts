/** Reads one file from a zip archive. Nothing is unpacked to a path that the archive chooses. */
import { crc32, inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;

/** Size of the end record without its comment, which has 65,535 bytes at most. */
const END_SIZE = 22;
const LONGEST_COMMENT = 65_535;

const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  readonly headerAt: number;
}

/**
 * Content of the file that has exactly this name in the archive.
 * @throws Error if the archive is damaged, has no such file, or packs the file in a way we cannot read
 */
export function readZipMember(archive: Buffer, name: string): Buffer {
  const { method, checksum, packedSize, size, headerAt } = findEntry(archive, name);
  if (archive.readUInt32LE(headerAt) !== LOCAL_HEADER) throw new Error('the archive is damaged: no header of a file');
  const begin = headerAt + 30 + archive.readUInt16LE(headerAt + 26) + archive.readUInt16LE(headerAt + 28);
  const packed = archive.subarray(begin, begin + packedSize);
  if (method !== STORED && method !== DEFLATED) throw new Error(`${name} is packed by method ${method}`);
  const content = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  if (content.length !== size || crc32(content) !== checksum) throw new Error(`${name} is damaged in the archive`);
  return content;
}

function findEntry(archive: Buffer, name: string): Entry {
  const end = findEnd(archive);
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw new Error('the archive is damaged: its directory breaks off');
    }
    const nameSize = archive.readUInt16LE(at + 28);
    if (archive.toString('utf8', at + 46, at + 46 + nameSize) === name) {
      return {
        method: archive.readUInt16LE(at + 10),
        checksum: archive.readUInt32LE(at + 16),
        packedSize: archive.readUInt32LE(at + 20),
        size: archive.readUInt32LE(at + 24),
        headerAt: archive.readUInt32LE(at + 42),
      };
    }
    at += 46 + nameSize + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`there is no ${name} in the archive`);
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_SIZE - LONGEST_COMMENT);
  for (let at = archive.length - END_SIZE; at >= first; at--) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw new Error('it is no zip archive');
}
