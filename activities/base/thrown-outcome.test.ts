import { ApplicationFailure, CompleteAsyncError } from '@temporalio/activity';
import { expect, it } from 'vitest';
import { thrownOutcome } from './thrown-outcome.ts';

it('tells an attempt that comes again and one that was stopped from one that failed', () => {
  const failure = (waits: boolean) => ApplicationFailure.create({ details: [{ code: 'http.5xx', waits }] });
  const errors = [failure(true), new CompleteAsyncError(), failure(false), new Error('no')];
  expect(errors.map(thrownOutcome)).toEqual(['waited', 'stopped', 'failed', 'failed']);
});
