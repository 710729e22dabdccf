import { compressionsOf, decompress, MAX_COMPRESSIONS } from '../../../integrations/compression.ts';
import type { Hold } from '../../bodies.ts';
import { ApiProblem } from '../../http/problem.ts';
import { receive, type Stoppable, takeRoom } from '../../http/receive.ts';

/** How long a whole body may take to arrive. */
const BODY_MS = 30_000;
/** A body that is too large is read up to this size, so that its sender gets to read why. */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

/**
 * Reads a body, counting while it streams, and takes its compression off, counting again.
 *
 * @throws ApiProblem `body.tooLarge`, `body.type` (an unknown compression), `body.invalid`, `request.timeout`, `server.busy`
 */
export async function readBody(
  request: Request,
  { maxBytes, hold, stoppable }: { maxBytes: number; hold: Hold; stoppable: Stoppable },
): Promise<{ raw: Buffer; body: Buffer }> {
  const encoding = request.headers.get('content-encoding') ?? '';
  const names = compressionsOf(encoding);
  if (names.length < namesIn(encoding)) {
    const given = encoding.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
    throw new ApiProblem(
      'body.type',
      `The compression "${given}" is not known. Send gzip, deflate, br or zstd, or none.`,
    );
  }
  if (names.length > MAX_COMPRESSIONS)
    throw new ApiProblem('body.invalid', `The body is compressed ${names.length} times.`);
  const raw = await receive(request, {
    ...{ maxBytes, discardBytes: MAX_DISCARDED_BYTES, withinMs: BODY_MS },
    ...{ tooLarge: () => tooLarge(maxBytes), hold, stoppable },
  });
  if (names.length === 0) return { raw, body: raw };
  // Nobody knows how large it becomes.
  await takeRoom(hold, maxBytes);
  const body = await decompress(raw, names, maxBytes);
  if (body === 'too large' || body.length > maxBytes) throw tooLarge(maxBytes);
  if (typeof body === 'string') throw new ApiProblem('body.invalid', `The body is ${body}.`);
  hold.giveBack(maxBytes - body.length);
  return { raw, body };
}

const namesIn = (encoding: string): number =>
  encoding.split(',').filter((name) => !['', 'identity'].includes(name.trim().toLowerCase())).length;

const tooLarge = (maxBytes: number): ApiProblem =>
  new ApiProblem('body.tooLarge', `The body is larger than the ${maxBytes} bytes that this webhook takes.`);
