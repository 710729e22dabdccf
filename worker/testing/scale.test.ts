import type { temporal } from '@temporalio/proto';
import { expect, it } from 'vitest';
import { beyondThePoint, SUGGESTED_FROM } from './scale.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** A history made by hand: each entry gets its position as its id. */
const history = (...entries: Record<string, object>[]): Event[] =>
  entries.map((entry, i) => ({ eventId: i + 1, ...entry })) as never;
const asked = (suggestContinueAsNew = false) => ({ workflowTaskStartedEventAttributes: { suggestContinueAsNew } });
const done = (startedEventId: number) => ({ workflowTaskCompletedEventAttributes: { startedEventId } });
const effect = (workflowTaskCompletedEventId: number, name = 'test.echo') => ({
  activityTaskScheduledEventAttributes: { workflowTaskCompletedEventId, activityType: { name } },
});
const ended = (scheduledEventId: number) => ({ activityTaskCompletedEventAttributes: { scheduledEventId } });
const marker = { markerRecordedEventAttributes: {} };
const goesOn = { workflowExecutionContinuedAsNewEventAttributes: {} };

it('counts what is in flight when the point is reached', () => {
  const events = history(asked(), done(1), effect(2), effect(2), ended(3), asked(true), done(6), effect(7), goesOn);
  expect(beyondThePoint(events)).toMatchObject({ point: 6, inFlight: 2, startedAtPoint: 1, startedAfter: 0, over: 3 });
});

it('sees what starts after the point, but not what continuing as new takes', () => {
  const point = [asked(true), done(1), marker, effect(2, 'blokRecord')];
  expect(beyondThePoint(history(...point, asked(true), done(5), goesOn)).startedAfter).toBe(0);
  expect(beyondThePoint(history(...point, asked(true), done(5), effect(6))).startedAfter).toBe(1);
});

it('allows as many events after the point as the work in flight may write', () => {
  const rest = (count: number) => Array.from({ length: count }, () => marker);
  const of = (count: number) =>
    beyondThePoint(history(asked(), done(1), effect(2), asked(true), done(4), ...rest(count)));
  expect(of(10).allowed).toBe(25);
  expect(of(30).over).toBe(31);
});

it('ignores a task that was told and failed', () => {
  expect(beyondThePoint(history(asked(true), marker, asked(true), done(3))).point).toBe(3);
});

it('recognises a history that is too long although no task was told', () => {
  const { over, allowed } = beyondThePoint(history(...Array.from({ length: SUGGESTED_FROM + 100 }, () => marker)));
  expect(over).toBeGreaterThan(allowed);
});
