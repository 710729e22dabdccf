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
