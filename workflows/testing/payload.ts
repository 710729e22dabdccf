import { defaultPayloadConverter } from '@temporalio/common';

/** A value as Temporal carries it. */
export const payloadOf = (value: unknown): object => defaultPayloadConverter.toPayload(value);

/** The value that a payload carries. */
export const carriedBy = (payload: unknown): unknown => defaultPayloadConverter.fromPayload(payload as never);
