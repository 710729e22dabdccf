import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundle } from '@temporalio/worker';
import { bundle } from '../bundle.ts';

const CODE = fileURLToPath(new URL('../../workflows/testing/hostile.ts', import.meta.url));

/**
 * The workflow code of Blok with attacks in it (`workflows/testing/hostile.ts`).
 *
 * @param folder where a worker that is restarted finds the bundle again
 */
export async function hostileBundle(folder?: string): Promise<WorkflowBundle> {
  if (folder === undefined) return bundle(CODE);
  const file = join(folder, 'hostile.js');
  if (!existsSync(file)) writeFileSync(file, ((await bundle(CODE)) as { code: string }).code);
  return { code: readFileSync(file, 'utf8') };
}
