import { mediaType } from '../http/body.ts';
import type { BodyReader } from '../http/route.ts';
import { readStrangersJson } from '../http/strangers-json.ts';
import { CLOUD_EVENT_TYPES, readCloudEvents } from './cloud-event.ts';

/** Reads what is sent as an event: JSON, or CloudEvents. */
export const sentEvents: BodyReader = {
  types: CLOUD_EVENT_TYPES,
  read: (request, hold) =>
    readCloudEvents(request, hold) ??
    (mediaType(request) === 'application/json' ? readStrangersJson(request, hold) : undefined),
};
