import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';
import { checkLaw, sandboxFiles } from './law.ts';

const law = (files: Record<string, string>) =>
  checkLaw(new Map(Object.entries(files))).map(({ file, message }) => `${file} ${message}`);

describe('importsOf', () => {
  it('finds every form of import', () => {
    const text = [
      "import one from './one.ts';",
      "import type { Two } from './two.ts';",
      "import {\n  three,\n  type Four,\n} from './three.ts';",
      "import './five.ts';",
      "export * from './six.ts';",
      "export { type Seven } from './seven.ts';",
      "const eight = await import('./eight.ts');",
      "import * as nine from 'nine';",
    ].join('\n');
    const files = ['one', 'two', 'three', 'five', 'six', 'seven'].map((name) => `./${name}.ts`);
    expect(importsOf(text)).toEqual([...files, 'nine', './eight.ts']);
    expect(importsOf(text, { values: true })).toEqual([
      ...['./one.ts', './three.ts', './five.ts', './six.ts', 'nine', './eight.ts'],
    ]);
  });

  it('is not taken in by comments and strings', () => {
    expect(importsOf(" * import { a } from './a.ts';\n// import './b.ts'\nconst c = \"import './c.ts'\";")).toEqual([]);
  });
});

describe('the import law', () => {
  it('lets every folder import itself and what the table allows', () => {
    expect(
      law({
        'graph/a.ts': "import { parse } from 'acorn';\nimport './b/c.ts';",
        'workflows/index.ts':
          "import { x } from '../graph/sandbox.ts';\nimport type { Y } from '../graph/plan/types.ts';",
        'db/index.ts': "import type { RunRecord } from '../workflows/contract.ts';",
        'api/runs/start.ts': "import { hono } from 'hono';\nimport { c } from '../../workflows/contract.ts';",
        'activities/run.ts': "import { d } from '../integrations/define.ts';",
        'cli/client.ts': "import type { Call } from '../api/client-types.ts';",
        'scripts/any.ts': "import '../api/serve.ts';",
      }),
    ).toEqual([]);
  });

  it.each([
    ['graph/a.ts', "import '../db/index.ts';", 'db/index.ts'],
    ['graph/a.ts', "import { readFileSync } from 'node:fs';", 'node:fs'],
    ['graph/a.ts', "import lodash from 'lodash';", 'lodash'],
    ['workflows/a.ts', "import { compile } from '../graph/compile/index.ts';", 'graph/compile/index.ts'],
    ['workflows/a.ts', "import { Client } from '@temporalio/client';", '@temporalio/client'],
    ['integrations/a.ts', "import type { T } from '../db/index.ts';", 'db/index.ts'],
    ['db/a.ts', "import { TASK_QUEUE } from '../workflows/contract.ts';", 'workflows/contract.ts'],
    ['api/a.ts', "import { node } from '../integrations/http/request.ts';", 'integrations/http/request.ts'],
    [
      'api/a.ts',
      "import { run } from '../workflows/interpreter/base/driver.ts';",
      'workflows/interpreter/base/driver.ts',
    ],
    ['cli/a.ts', "const db = await import('../db/index.ts');", 'db/index.ts'],
    ['cli/a.ts', "import { call } from '../api/client-types.ts';", 'api/client-types.ts'],
    ['playground/a.ts', "import '../api/serve.ts';", 'api/serve.ts'],
    ['embedded/a.ts', "import '../scripts/check/law.ts';", 'scripts/check/law.ts'],
    ['worker/a.ts', "import './testing/nodes.ts';", 'worker/testing/nodes.ts'],
  ])('forbids %s: %s', (file, text, named) => {
    const [violation, ...more] = law({ [file]: text });
    expect(more).toEqual([]);
    expect(violation).toContain(`${file} imports ${named}`);
  });

  it('lets tests look into every room', () => {
    const text = "import '../db/index.ts';";
    expect(law({ 'graph/a.test.ts': text, 'graph/testing/help.ts': text, 'worker/testing/worker.ts': text })).toEqual(
      [],
    );
  });
});

describe('the sandbox', () => {
  it('may not reach a parser or a schema library, however far away', () => {
    const files = {
      'graph/sandbox.ts': "export * from './a.ts';",
      'graph/a.ts': "import { b } from './b.ts';",
      'graph/b.ts': "import { z } from 'zod';",
    };
    expect(law(files)).toEqual([
      'graph/b.ts imports zod, and runs in the workflow sandbox (reached through graph/a.ts)',
    ]);
  });

  it('does not count imports of types', () => {
    const files = { 'graph/sandbox.ts': "import type { A } from './a.ts';", 'graph/a.ts': "import { z } from 'zod';" };
    expect([...sandboxFiles(new Map(Object.entries(files))).keys()]).toEqual(['graph/sandbox.ts']);
    expect(law(files)).toEqual([]);
  });
});
