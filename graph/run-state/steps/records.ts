import { Reference } from '../../expression/runtime.ts';
import type { Json } from '../../json.ts';
import { PREVIEW_IN_RECORD, VALUE_IN_RECORD } from '../../limits.ts';
import type { PlanNode } from '../../plan/types.ts';
import { owned, weigh } from '../../weigh.ts';
import { seal } from '../state/envelope.ts';
import type { Run } from '../state/state.ts';
import type { SideStep, Step } from '../state/step.ts';
import type { StepRecord } from '../state/types.ts';
import { follows } from '../state/versions.ts';
import { iso } from '../values/scope.ts';

/** A step as the run history keeps it. */
export function recordOf(step: Step, node: Pick<PlanNode, 'id' | 'uses' | 'shows' | 'label'>): StepRecord {
  return {
    path: step.path,
    node: node.id,
    type: node.shows ?? node.uses,
    ...(node.label === undefined ? {} : { label: node.label }),
    status: step.status === 'ready' ? 'running' : step.status,
    port: step.port,
    ...field('input', step.input),
    ...(step.status === 'succeeded' ? field('output', step.output) : {}),
    ...(step.error ? { error: step.error } : {}),
    attempts: step.attempts,
    startedAt: step.startedAt === null ? null : iso(step.startedAt),
    endedAt: step.endedAt === null ? null : iso(step.endedAt),
  };
}

/** Keeps the record of a step that has ended, until the driver has written it. */
export function keepRecord(run: Run, record: StepRecord): void {
  run.state.ended.push(record);
  if (follows(run, 'bytesCount')) run.state.recordBytes = (run.state.recordBytes ?? 0) + weigh(record);
}

/** Forgets the oldest records, because they are written. */
export function forgetRecords({ state }: Run, count: number): void {
  const written = state.ended.splice(0, count);
  if (state.recordBytes === undefined) return;
  state.recordBytes =
    state.ended.length === 0 ? 0 : state.recordBytes - written.reduce((sum, record) => sum + weigh(record), 0);
}

/** A `notify` or `compensate` step as the run history keeps it. */
export const sideRecordOf = (step: SideStep): StepRecord => recordOf(step, { id: step.node, uses: step.uses });

function field(name: 'input' | 'output', value: unknown): Partial<StepRecord> {
  if (value === undefined) return {};
  if (value instanceof Reference && name === 'output') {
    return { outputRef: { sha256: value.sha256, size: value.size, preview: value.preview } };
  }
  const sealed = seal(value).value as Json;
  const text = JSON.stringify(sealed) ?? 'null';
  if (text.length <= VALUE_IN_RECORD) return { [name]: sealed };
  return { [`${name}Preview`]: { size: text.length, preview: owned(text.slice(0, PREVIEW_IN_RECORD)) } };
}
