import { InexactNumber, parseCallerJson } from '../graph/exact-json.ts';
import type { Json, JsonObject } from '../graph/json.ts';
import type { CliContext } from './context.ts';
import { badInput, type CliError } from './errors.ts';

/** Reads a file; the error says plainly why it cannot be read. */
export async function readText(ctx: CliContext, path: string): Promise<string> {
  const bytes = await readBytes(ctx, path);
  try {
    // Removes a byte order mark. Fatal, because letters in another encoding would silently become other letters.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badInput(`${path} is not UTF-8 text.`, 'Save it as UTF-8.', 'file.notText');
  }
}

async function readBytes(ctx: CliContext, path: string): Promise<Uint8Array> {
  try {
    return await ctx.readFile(path);
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === 'ENOENT') throw badInput(`There is no file ${path}.`, undefined, 'file.absent');
    if (code === 'EISDIR') throw badInput(`${path} is a folder, not a file.`, undefined, 'file.folder');
    throw badInput(`${path} cannot be read${code === undefined ? '' : ` (${code})`}.`, undefined, 'file.unreadable');
  }
}

/** Writes a text to a file; the error says plainly why it cannot be written. */
export async function writeText(ctx: CliContext, path: string, text: string): Promise<void> {
  try {
    await ctx.writeFile(path, text);
  } catch (error) {
    const code = (error as { code?: string }).code;
    throw badInput(`${path} cannot be written${code === undefined ? '' : ` (${code})`}.`, undefined, 'file.unwritable');
  }
}

/** Writes a text to a file that does not exist yet. */
export async function createText(ctx: CliContext, path: string, text: string): Promise<void> {
  try {
    await ctx.createFile(path, text);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EEXIST')
      throw badInput(`${path} exists already.`, 'Delete it first, or choose another name.', 'file.exists');
    throw badInput(`${path} cannot be written${code === undefined ? '' : ` (${code})`}.`, undefined, 'file.unwritable');
  }
}

/** Writes JSON to a file. */
export const writeJson = (ctx: CliContext, path: string, value: Json): Promise<void> =>
  writeText(ctx, path, `${JSON.stringify(value, null, 2)}\n`);

/**
 * The value of an option: JSON, or `@file` with JSON in it.
 *
 * @example await readValue(ctx, '--input', '@order.json')
 */
export async function readValue(ctx: CliContext, option: string, given: string): Promise<Json> {
  const file = given.startsWith('@') ? given.slice(1) : null;
  const text = file === null ? given : await readText(ctx, file);
  const where = file === null ? option : `${option} ${given}`;
  try {
    return parseCallerJson(text);
  } catch (error) {
    if (error instanceof InexactNumber) throw inexact(where, error);
    const hint =
      file === null
        ? `Quote it for the shell: ${option} '{"name": "Ada"}', or give a file: ${option} @input.json`
        : undefined;
    throw badInput(`${where} is not JSON: ${(error as Error).message}`, hint, 'input.notJson');
  }
}

/** The same of an option that takes an object of fields. */
export async function readFields(ctx: CliContext, option: string, given: string): Promise<JsonObject> {
  const value = await readValue(ctx, option, given);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw badInput(`${option} must be a JSON object.`, `Write ${option} '{ "field": "value" }'.`);
}

/** Splits `name=value` at the first `=`. */
export function splitPair(option: string, given: string): [name: string, value: string] {
  const at = given.indexOf('=');
  if (at < 1) throw badInput(`${option} ${given} has no name.`, `Write ${option} name=value.`);
  return [given.slice(0, at), given.slice(at + 1)];
}

/** Repeated `name=JSON` or `name=@file` options as an object. With `lenient`, what does not begin like JSON is text. */
export async function readPairs(
  ctx: CliContext,
  option: string,
  given: readonly string[],
  lenient = false,
): Promise<JsonObject> {
  const entries: [string, Json][] = [];
  for (const pair of given) {
    const [name, value] = splitPair(option, pair);
    entries.push([
      name,
      lenient && !/^\s*[@[{"]/.test(value)
        ? jsonOrText(`${option} ${name}`, value)
        : await readValue(ctx, `${option} ${name}`, value),
    ]);
  }
  return Object.fromEntries(entries);
}

function jsonOrText(option: string, text: string): Json {
  try {
    return parseCallerJson(text);
  } catch (error) {
    if (error instanceof InexactNumber) throw inexact(option, error);
    return text;
  }
}

const inexact = (where: string, { message, hint }: InexactNumber): CliError =>
  badInput(`${where}: ${message}`, hint, 'input.number');
