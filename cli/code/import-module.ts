import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where modules find what is provided to them. */
const PROVIDED = Symbol.for('blok.provided');

let hooked = false;
let imports = 0;

/**
 * Imports a file anew, whatever was imported of it before. The modules that are provided can be imported by name: they
 * need not be installed.
 */
export async function importModule(
  path: string,
  provided: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<unknown> {
  (globalThis as unknown as Record<symbol, unknown>)[PROVIDED] = provided;
  if (!hooked) hook(Object.keys(provided));
  hooked = true;
  imports += 1;
  return import(`${pathToFileURL(resolve(path)).href}?${imports}`);
}

function hook(names: readonly string[]): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      names.includes(specifier) ? { url: `provided:${specifier}`, shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url.startsWith('provided:')
        ? { format: 'module', source: sourceOf(url.slice('provided:'.length)), shortCircuit: true }
        : next(url, context),
  });
}

/** The source of a module that hands on what is provided. */
function sourceOf(name: string): string {
  const all = (globalThis as unknown as Record<symbol, Record<string, Record<string, unknown>>>)[PROVIDED]![name]!;
  const module = `globalThis[Symbol.for('blok.provided')][${JSON.stringify(name)}]`;
  return Object.keys(all)
    .map((key) => `export const ${key} = ${module}.${key};`)
    .join('\n');
}
