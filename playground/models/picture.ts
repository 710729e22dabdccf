import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** Pixels in each direction. */
const SIDE = 64;

/** A PNG for a prompt: two colours that the prompt decides, one running into the other. */
export function pictureOf(prompt: string): Buffer {
  const colours = createHash('sha256').update(prompt).digest();
  const rows = Array.from({ length: SIDE }, (_, y) => {
    const pixel = [0, 1, 2].map((channel) =>
      Math.round((colours[channel]! * (SIDE - y) + colours[channel + 3]! * y) / SIDE),
    );
    return Buffer.from([0, ...Array.from({ length: SIDE }, () => pixel).flat()]);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
