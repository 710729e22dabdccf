import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from './log.ts';

const logged = (write: (log: ReturnType<typeof createLog>) => void, options: LogOptions = {}): string => {
  const lines: string[] = [];
  write(createLog({ ...options, destination: { write: (line) => void lines.push(line) } }));
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

  it('names the span within which a line is written, if there is one', () => {
    const span = { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) };
    let now: typeof span | undefined = span;
    const text = logged(
      (log) => {
        log.info({ run: 'r1' }, 'within');
        now = undefined;
        log.child({ workspace: 'a' }).info('outside');
      },
      { service: 'blok-api', tracing: { ids: () => now } },
    );
    const [within, outside] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(within).toMatchObject({ service: 'blok-api', run: 'r1', ...span });
    expect(outside).toMatchObject({ workspace: 'a', msg: 'outside' });
    expect(outside).not.toHaveProperty('trace_id');
  });
});
