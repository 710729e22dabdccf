/** Temporal's sandbox runs this code and nothing else, because every cached run would carry whatever slips in. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../scripts/testing/temporary-folder.ts';
import { workflowBundle } from '../worker/bundle.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Packages the sandbox may hold: Temporal's own and what they need, the hashes and the patterns of the expression library. */
const ALLOWED = [
  ...['@temporalio/workflow', '@temporalio/common', '@temporalio/worker', '@temporalio/proto'],
  ...['@noble/hashes', 'long', 'ms', 'nexus-rpc', 're2js'],
];

/** Most code, in bytes without the source map. Measured 2026-11: 1.65 MB, of it Temporal's 0.5 and re2js 0.27. */
const CODE_LIMIT = 1_700_000;

/** Most code of Blok in the bundle. Measured 2026-11: 0.78 MB. */
const OWN_LIMIT = 800_000;

interface Module {
  readonly name: string;
  readonly size: number;
}

function modulesOf(code: string): Module[] {
  const sections = code.split(/^\/\*{3}\/ "/m).slice(1);
  return sections.map((section) => ({ name: section.slice(0, section.indexOf('"')), size: section.length }));
}

const packageOf = (name: string): string | undefined =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name.slice(name.lastIndexOf('node_modules/')))?.[1];

const foreignIn = (modules: readonly Module[]): string[] => {
  const packages = new Set(modules.map(({ name }) => packageOf(name)).filter((name) => name !== undefined));
  return [...packages].filter((name) => !ALLOWED.includes(name));
};

const codeOf = (bundle: object): string => {
  const { code } = bundle as { code: string };
  return code.slice(0, code.indexOf('//# sourceMappingURL'));
};

describe('the workflow bundle', () => {
  let code: string;
  let modules: Module[];
  beforeAll(async () => {
    code = codeOf(await workflowBundle());
    modules = modulesOf(code);
  }, 60_000);

  it('is read by module', () => {
    expect(modules.length).toBeGreaterThan(100);
    expect(modules.some(({ name }) => name.endsWith('workflows/interpreter/interpret.ts'))).toBe(true);
  });

  it('is compiled for the Node that runs it', () => {
    expect(code).not.toContain('function _object_spread');
  });

  it('holds no foreign package', () => {
    expect(foreignIn(modules)).toEqual([]);
  });

  it('holds only workflows/ and what graph/sandbox.ts reaches of the code of Blok', () => {
    const ours = modules.map(({ name }) => name).filter((name) => name.endsWith('.ts'));
    expect(ours.filter((name) => !/^\.\/(workflows|graph)\//.test(name))).toEqual([]);
    const parsers = ours.filter((name) => /^\.\/graph\/(document|validate|compile|edit|render|dry-run)\//.test(name));
    expect(parsers).toEqual([]);
  });

  it('asks for no module of Node except those that Temporal replaces', () => {
    const asked = [...code.matchAll(/require\("((?:node:)?[a-z_/]+)"\)/g)].map(([, name]) => name!);
    expect(
      [...new Set(asked)].filter((name) => !['assert', 'url', 'util'].includes(name.replace('node:', ''))),
    ).toEqual([]);
  });

  it('is small', () => {
    const own = modules.filter(({ name }) => name.endsWith('.ts')).reduce((sum, { size }) => sum + size, 0);
    expect({ code: code.length <= CODE_LIMIT, own: own <= OWN_LIMIT }, `${code.length} bytes, ${own} ours`).toEqual({
      code: true,
      own: true,
    });
  });

  it('does not say where it was built', () => {
    expect(modules.filter(({ name }) => name.includes(ROOT))).toEqual([]);
  });

  it('would not pass with a parser or a schema library in it, nor bundle with a module of Node', async () => {
    const folder = temporaryFolder('bundle');
    symlinkSync(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
    const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
    const bundleOf = (source: string) => {
      const file = join(folder.path, 'index.ts');
      writeFileSync(file, source);
      return bundleWorkflowCode({ workflowsPath: file, logger: quiet as never });
    };
    try {
      const packages = ['zod', 'acorn'];
      const imports = packages.map((name) => `export * as ${name} from '${name}';`);
      expect(foreignIn(modulesOf(codeOf(await bundleOf(imports.join('\n')))))).toEqual(
        expect.arrayContaining(packages),
      );
      await expect(bundleOf(`export { readFileSync } from 'node:fs';`)).rejects.toThrow();
    } finally {
      folder.remove();
    }
  }, 60_000);
});

function ignore(): void {}
