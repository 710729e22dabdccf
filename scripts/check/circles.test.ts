import { describe, expect, it } from 'vitest';
import { checkCircles } from './circles.ts';

const circles = (files: Record<string, string>) =>
  checkCircles(new Map(Object.entries(files))).map(({ file, message }) => `${file}: ${message}`);

describe('checkCircles', () => {
  it('allows imports in one direction, also through a folder and back up to a file beside it', () => {
    expect(
      circles({
        'graph/index.ts': "import './document/parse.ts';",
        'graph/document/parse.ts': "import '../json.ts';",
        'graph/json.ts': '',
      }),
    ).toEqual([]);
  });

  it('finds files that import each other, types and lazy imports included', () => {
    const found = circles({
      'a/one.ts': "import type { Two } from './two.ts';",
      'a/two.ts': "const three = await import('./three.ts');",
      'a/three.ts': "export * from './one.ts';",
    });
    expect(found).toEqual([expect.stringContaining('a/: one.ts and three.ts and two.ts import each other')]);
  });

  it('finds rooms that import each other through different files', () => {
    const found = circles({
      'graph/document/parse.ts': "import '../validate/codes.ts';",
      'graph/validate/codes.ts': '',
      'graph/validate/order.ts': "import '../document/types.ts';",
      'graph/document/types.ts': '',
    });
    expect(found).toEqual([expect.stringContaining('graph/: document/ and validate/ import each other')]);
  });

  it('leaves tests and their helpers out', () => {
    expect(
      circles({
        'a/b/one.test.ts': "import '../testing/help.ts';",
        'a/testing/help.ts': "import '../b/one.ts';",
        'a/b/one.ts': '',
      }),
    ).toEqual([]);
  });
});
