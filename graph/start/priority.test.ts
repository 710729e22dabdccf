import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { runPriority, StartError } from './index.ts';

const of = (priority: Json, input: Json = {}) =>
  runPriority(
    { blok: 1, name: 'p', nodes: {}, priority },
    { trigger: { id: null, uses: 'call', at: '', key: null }, input, vars: { urgent: 2 } },
  );

describe('the priority of a run', () => {
  it('is what the graph says, or what its expression yields', () => {
    expect(of(5)).toBe(5);
    expect(of('${{ input.urgent ? 1 : vars.urgent }}', { urgent: true })).toBe(1);
    expect(of('${{ input.urgent ? 1 : vars.urgent }}')).toBe(2);
    expect(runPriority({ blok: 1, name: 'p', nodes: {} }, {} as never)).toBeUndefined();
  });

  it.each([[0], [6], [2.5], ['high'], [null], [{ much: 'x'.repeat(1_000) }]])('is refused if it is %j', (value) => {
    const start = () => of('${{ input.value }}', { value });
    expect(start).toThrow(StartError);
    expect(start).toThrow(/^priority: .{1,62} is not a whole number from 1 \(goes first\) to 5\.$/);
  });

  it('is refused if it cannot be computed', () => {
    expect(() => of('${{ input.a.b.c }}')).toThrow(expect.objectContaining({ code: 'trigger.expression' }));
  });
});
