/** All pages that are made from code. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expressionsPage } from './expressions.ts';
import { withLanguageCodes } from './language.ts';
import { nodePages } from './nodes.ts';
import { openapiPages } from './openapi.ts';
import { schemaJson } from './schema.ts';
import { testSchemaJson } from './test-schema.ts';

/** Folder in which every page is generated: a page that no generator names is left over. */
const NODES = 'docs/nodes';

/** What has to change for the pages to be current. */
export interface Changes {
  /** New text by path from the project's root. */
  readonly write: ReadonlyMap<string, string>;
  /** Pages about things that no longer exist. */
  readonly remove: readonly string[];
}

/** Compares the pages of a tree with what the code says today. Changes nothing. */
export function staleDocs(root: string): Changes {
  const pages = new Map([
    ['docs/expressions.md', expressionsPage()],
    ['docs/language.md', withLanguageCodes(read(root, 'docs/language.md') ?? '')],
    ['docs/blok.schema.json', schemaJson()],
    ['docs/blok-test.schema.json', testSchemaJson()],
    ...nodePages(),
    ...openapiPages(),
  ]);
  return {
    write: new Map([...pages].filter(([path, text]) => read(root, path) !== text)),
    remove: readdirSync(join(root, NODES))
      .map((name) => `${NODES}/${name}`)
      .filter((path) => !pages.has(path)),
  };
}

/** Makes the pages of a tree current. */
export function writeDocs(root: string, { write, remove }: Changes): void {
  for (const [path, text] of write) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of remove) rmSync(join(root, path));
}

function read(root: string, path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
