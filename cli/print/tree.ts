import type { StepRecord, StepStatus } from '../../graph/run-state/state/types.ts';
import { elapsed } from './time.ts';

/** Steps of a run, nested according to their paths. */
interface Branch {
  /** `charge`, `[3]`, `catch`, `compensate`. */
  readonly name: string;
  step?: StepRecord;
  readonly children: Map<string, Branch>;
}

export const MARKS: Readonly<Record<StepStatus, string>> = {
  succeeded: '✔',
  failed: '✖',
  running: '●',
  waiting: '◷',
  skipped: '–',
  cancelled: '⊘',
};

/** Rounds of one loop that are shown in full; the others are only counted. */
const MAX_ROUNDS = 8;

/**
 * Steps as an indented tree: mark, name, type, duration, and why the step failed or was skipped. In a long loop, the
 * rounds that did not succeed come first, and the rest is counted.
 */
export function treeLines(steps: readonly StepRecord[], now: number): string[] {
  const root: Branch = { name: '', children: new Map() };
  for (const step of steps) branchAt(root, step.path).step = step;
  const lines: { text: string; type: string; rest: string }[] = [];
  walk(root, 0, now, lines);
  const width = Math.max(0, ...lines.map((line) => line.text.length));
  const typeWidth = Math.max(0, ...lines.map((line) => line.type.length));
  return lines.map(({ text, type, rest }) => `${text.padEnd(width)}  ${type.padEnd(typeWidth)}  ${rest}`.trimEnd());
}

/** `each[3].load.catch` → `each`, `[3]`, `load`, `catch`. */
export const splitPath = (path: string): string[] => path.match(/\[\d+\]|[^.[\]]+/g) ?? [];

function branchAt(root: Branch, path: string): Branch {
  let branch = root;
  for (const name of splitPath(path)) {
    const child = branch.children.get(name) ?? { name, children: new Map() };
    branch.children.set(name, child);
    branch = child;
  }
  return branch;
}

function walk(branch: Branch, depth: number, now: number, lines: { text: string; type: string; rest: string }[]): void {
  const indent = '  '.repeat(depth);
  const { shown, hidden } = selectChildren([...branch.children.values()]);
  for (const child of shown) {
    const status = child.step?.status ?? statusOf(child);
    const label = child.step?.label ? ` “${child.step.label}”` : '';
    lines.push({
      text: `${indent}${MARKS[status]} ${child.name}${label}`,
      type: child.step?.type ?? '',
      rest: child.step ? describe(child.step, now) : '',
    });
    walk(child, depth + 1, now, lines);
  }
  if (hidden.length > 0) lines.push({ text: `${indent}… ${countLine(hidden)}`, type: '', rest: '' });
}

function selectChildren(children: Branch[]): { shown: Branch[]; hidden: Branch[] } {
  const rounds = children.filter((child) => child.name.startsWith('['));
  const others = children.filter((child) => !child.name.startsWith('['));
  // Records arrive in the order in which steps end; people read rounds in order.
  rounds.sort((a, b) => Number.parseInt(a.name.slice(1), 10) - Number.parseInt(b.name.slice(1), 10));
  if (rounds.length <= MAX_ROUNDS) return { shown: [...others, ...rounds], hidden: [] };
  // Trouble first, then what is running; among equals, the order of the rounds.
  const rank: Record<StepStatus, number> = {
    failed: 0,
    waiting: 1,
    running: 2,
    cancelled: 3,
    succeeded: 4,
    skipped: 5,
  };
  const ranked = rounds
    .map((round, order) => ({ round, order, rank: rank[statusOf(round)] }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order);
  const keep = new Set(ranked.slice(0, MAX_ROUNDS).map(({ round }) => round));
  return {
    shown: [...others, ...rounds.filter((round) => keep.has(round))],
    hidden: rounds.filter((round) => !keep.has(round)),
  };
}

/** Status of a branch without its own record, such as one round: the most urgent status of the steps in it. */
function statusOf(branch: Branch): StepStatus {
  if (branch.step) return branch.step.status;
  const statuses = new Set([...branch.children.values()].map(statusOf));
  const order: StepStatus[] = ['running', 'waiting', 'failed', 'cancelled', 'succeeded'];
  return order.find((status) => statuses.has(status)) ?? 'skipped';
}

function countLine(rounds: readonly Branch[]): string {
  const counts = new Map<string, number>();
  for (const round of rounds) counts.set(statusOf(round), (counts.get(statusOf(round)) ?? 0) + 1);
  return `${rounds.length} more (${[...counts].map(([status, count]) => `${count} ${status}`).join(', ')})`;
}

function describe(step: StepRecord, now: number): string {
  if (step.status === 'skipped') return 'skipped';
  const parts = [elapsed(step.startedAt, step.endedAt, now)];
  if (step.port && step.port !== 'out' && step.status === 'succeeded') parts.push(`→ ${step.port}`);
  if (step.attempts > 1) parts.push(`${step.attempts} attempts`);
  if (step.error) parts.push(`${step.error.code}: ${firstLine(step.error.message)}`);
  return parts.filter((part) => part !== '').join('  ');
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!;
