import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Json } from '../../graph/json.ts';
import type { PendingStep } from '../runs-port.ts';

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** What Temporal knows of a step that is being done, or waits for its next attempt; null if it knows of none. */
export function pendingStepOf({ raw }: WorkflowExecutionDescription, path: string): PendingStep | null {
  const found = raw.pendingActivities?.find(({ activityId }) => activityId === path);
  return found ? present(found) : null;
}

/** States by their numbers in Temporal's protocol. */
const STATES: readonly PendingStep['state'][] = ['scheduled', 'scheduled', 'started', 'stopping', 'paused', 'paused'];

function present(activity: PendingActivity): PendingStep {
  const { lastFailure } = activity;
  return {
    state: STATES[Number(activity.state)] ?? 'scheduled',
    attempt: activity.attempt ?? 1,
    maxAttempts: activity.maximumAttempts || null,
    lastError: lastFailure
      ? { code: lastFailure.applicationFailureInfo?.type || null, message: lastFailure.message ?? '' }
      : null,
    scheduledAt: iso(activity.scheduledTime),
    startedAt: iso(activity.lastStartedTime),
    nextAttemptAt: iso(activity.nextAttemptScheduleTime),
    heartbeatAt: iso(activity.lastHeartbeatTime),
    heartbeat: heartbeatOf(activity),
    worker: activity.lastWorkerIdentity || null,
  };
}

/** The details of a heartbeat, if they are JSON. */
function heartbeatOf({ heartbeatDetails }: PendingActivity): Json {
  const [payload] = heartbeatDetails?.payloads ?? [];
  if (!payload) return null;
  try {
    return (defaultPayloadConverter.fromPayload(payload) ?? null) as Json;
  } catch {
    return null;
  }
}

function iso(time: PendingActivity['scheduledTime']): string | null {
  if (!time?.seconds) return null;
  return new Date(Number(time.seconds) * 1000 + Math.floor((time.nanos ?? 0) / 1e6)).toISOString();
}
