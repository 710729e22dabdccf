import { decode } from '../parsing/decode.ts';
import type { Done, Task } from '../parsing/program.ts';
import { declaredEncoding, encodingOfMark } from '../text-encoding.ts';
import { fromXml, type ReadOptions } from './from-xml.ts';
import { toXml, type WriteOptions } from './to-xml.ts';

function read({ parameters, bytes }: Task<ReadOptions & { readonly encoding?: string | undefined }>): Done {
  const named = parameters.encoding ?? encodingOfMark(bytes) ?? declared(bytes);
  const { text, encoding } = decode(bytes, named);
  return { value: { ...fromXml(text, parameters), encoding } };
}

/** The encoding that the first line declares. */
function declared(bytes: Buffer): string | null {
  const found = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']/.exec(bytes.toString('latin1', 0, 300))?.[1];
  return found === undefined ? null : declaredEncoding(found);
}

const write = ({ parameters }: Task<WriteOptions>): Done => ({
  value: null,
  bytes: [Buffer.from(toXml(parameters), 'utf8')],
});

/** Tasks of `xml.read` and `xml.write`. */
export const tasks = { read, write };
