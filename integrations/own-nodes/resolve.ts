import { registerHooks } from 'node:module';

/** What a node of your own may import although the folder has no `node_modules`. */
const ENTRIES: Readonly<Record<string, string>> = {
  'blok/node': new URL('../node.ts', import.meta.url).href,
  'blok/node/testing': new URL('../testing/index.ts', import.meta.url).href,
};

let registered = false;

/**
 * Lets modules of this process import `blok/node`, wherever they lie. Whatever else they import is found as usual: beside
 * them first, and then among the packages of Blok, so that `zod` needs no installation.
 */
export function resolveBlok(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve(specifier, context, next) {
      const entry = ENTRIES[specifier];
      if (entry !== undefined) return { url: entry, shortCircuit: true };
      try {
        return next(specifier, context);
      } catch (error) {
        if (!/^[@a-z]/.test(specifier) || specifier.startsWith('blok/')) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}
