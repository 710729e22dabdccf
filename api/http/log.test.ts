import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

const logged = (write: (log: ReturnType<typeof createLog>) => void): string => {
  const lines: string[] = [];
  write(createLog({ destination: { write: (line) => void lines.push(line) } }));
  return lines.join('');
};

describe('createLog', () => {
  it('redacts fields of secret names', () => {
    const line = logged((log) =>
      log.info({ token: 'CANARY', run: { input: 'CANARY' }, request: { authorization: 'CANARY' }, runId: 'r1' }, 'x'),
    );
    expect(line).not.toContain('CANARY');
    expect(line).toContain('[redacted]');
    expect(line).toContain('r1');
  });

  it('keeps the name, code, message and place of an error, and nothing else it carries', () => {
    const error = Object.assign(new Error('went wrong', { cause: new Error('deeper') }), {
      code: '42501',
      parameters: ['CANARY'],
      query: 'CANARY',
      detail: 'CANARY',
    });
    const line = logged((log) => log.error({ err: error }, 'x'));
    expect(line).not.toContain('CANARY');
    expect(JSON.parse(line).err).toMatchObject({
      name: 'Error',
      code: '42501',
      message: 'went wrong',
      stack: expect.stringContaining('at '),
      cause: { message: 'deeper' },
    });
  });
});
