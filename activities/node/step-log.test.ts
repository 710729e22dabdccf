import { expect, it, vi } from 'vitest';
import { KEEPS_ALL } from '../../credentials/redact.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import { stepLog } from './step-log.ts';

const request = { workspace: 'a', runId: 'r1', step: 's' } as EffectRequest;
const logOf = () => ({ info: vi.fn(), warn: vi.fn(), error: vi.fn(), debug: vi.fn() });

it('a step that logs nothing does not ask the database', async () => {
  // A handle that no pool knows: asking it fails.
  const log = logOf();
  await stepLog({ database: {} as never, log: log as never }, request).keep();
  expect(log.warn).not.toHaveBeenCalled();
});

it('a log that cannot be kept is still written, and the step goes on', async () => {
  const log = logOf();
  const lines = stepLog({ database: {} as never, log: log as never }, request);
  lines.of(1, KEEPS_ALL).info('hello', { n: 1, run: 'another' });
  await lines.keep();
  expect(log.info).toHaveBeenCalledWith({ n: 1, workspace: 'a', run: 'r1', step: 's', attempt: 1 }, 'hello');
  expect(log.warn).toHaveBeenCalledOnce();
});
