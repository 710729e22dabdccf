import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { elapsed, startProgress } from './progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('adds a line now and then if there is no terminal', () => {
  const lines: string[] = [];
  const progress = startProgress('Building', { write: (text) => void lines.push(text), terminal: false });
  progress.update('3 packages');
  vi.advanceTimersByTime(31_000);
  progress.done();
  expect(lines).toEqual([
    'Building ...\n',
    'Building: 3 packages (15 s)\n',
    'Building: 3 packages (30 s)\n',
    'Building: done (31 s)\n',
  ]);
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(4);
});

it('redraws one line each second on a terminal', () => {
  const texts: string[] = [];
  const progress = startProgress('Building', { write: (text) => void texts.push(text), terminal: true });
  vi.advanceTimersByTime(2_000);
  progress.done();
  expect(texts.join('')).toBe('\r\x1b[2KBuilding (1 s)\r\x1b[2KBuilding (2 s)\r\x1b[2KBuilding: done (2 s)\n');
});

it('prints times as people write them', () => {
  expect([400, 59_000, 61_000, 600_000].map(elapsed)).toEqual(['0 s', '59 s', '1 min 1 s', '10 min 0 s']);
});
