import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Json } from '../../graph/json.ts';
import type { PendingStep, RunActivity } from '../runs-port.ts';
import { isoOf } from './times.ts';

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** The activities that are being done, or wait for their next attempt. */
export const activitiesOf = ({ raw }: WorkflowExecutionDescription): RunActivity[] =>
  (raw.pendingActivities ?? []).map(present);

/** States by their numbers in Temporal's protocol. */
const STATES: readonly PendingStep['state'][] = ['scheduled', 'scheduled', 'started', 'stopping', 'paused', 'paused'];

function present(activity: PendingActivity): RunActivity {
  const { lastFailure } = activity;
  return {
    id: activity.activityId ?? '',
    paused: activity.paused ?? false,
    state: STATES[Number(activity.state)] ?? 'scheduled',
    attempt: activity.attempt ?? 1,
    maxAttempts: activity.maximumAttempts || null,
    lastError: lastFailure
      ? { code: lastFailure.applicationFailureInfo?.type || null, message: lastFailure.message ?? '' }
      : null,
    scheduledAt: isoOf(activity.scheduledTime),
    startedAt: isoOf(activity.lastStartedTime),
    nextAttemptAt: isoOf(activity.nextAttemptScheduleTime),
    heartbeatAt: isoOf(activity.lastHeartbeatTime),
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
