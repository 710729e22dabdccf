/** Programs on PATH. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of a program on PATH, or undefined. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
