import { defaultPayloadConverter } from '@temporalio/common';

/** The part of a start that is of interest here. */
interface Start {
  readonly headers: object;
}

/** Lets a run that is started belong to the current trace: an interceptor of Temporal's client. */
export const traceStarts = (header: string, traceparent: () => string | undefined) => ({
  start: <Input extends Start, Result>(input: Input, next: (input: Input) => Promise<Result>): Promise<Result> => {
    const current = traceparent();
    if (current === undefined) return next(input);
    return next({ ...input, headers: { ...input.headers, [header]: defaultPayloadConverter.toPayload(current) } });
  },
});
