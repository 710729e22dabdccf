import type { Received, Reply } from '../../testing/fake-provider/message.ts';
import { fakeProvider } from '../../testing/fake-provider/provider.ts';

/** One upload as the server has it. */
export interface Session {
  readonly total: number;
  bytes: Buffer;
}

/** What the server has: sessions by id, and what has become of those that are complete. */
export interface Sessions {
  readonly open: Map<string, Session>;
  readonly done: Buffer[];
  /** Bytes that came, also those that came again. */
  received: number;
  /** How many bytes of a piece are taken at most. */
  takes: number;
}

const progress = ({ bytes }: Session, speaks: 'google' | 'microsoft'): Reply =>
  speaks === 'google'
    ? { status: 308, headers: bytes.length > 0 ? { range: `bytes=0-${bytes.length - 1}` } : {} }
    : { status: 202, body: { nextExpectedRanges: [`${bytes.length}-`] } };

function take(request: Received, state: Sessions, speaks: 'google' | 'microsoft'): Reply {
  const session = state.open.get(request.params.id!);
  if (!session) return { status: 404, body: { error: { message: 'No such session.' } } };
  const range = String(request.headers['content-range'] ?? '');
  state.received += request.bytes.length;
  const [, first, last, total] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(range) ?? [];
  if (Number(total) !== session.total) return { status: 400, body: `${range} of ${session.total}` };
  if (first !== undefined) {
    if (Number(last) - Number(first) + 1 !== request.bytes.length) return { status: 400, body: 'length' };
    if (Number(first) !== session.bytes.length) return { status: 400, body: `not at ${session.bytes.length}` };
    session.bytes = Buffer.concat([session.bytes, request.bytes.subarray(0, state.takes)]);
  }
  if (session.bytes.length < session.total) return progress(session, speaks);
  // Google answers the question about a complete session, Microsoft knows it no more.
  if (!state.done.includes(session.bytes)) state.done.push(session.bytes);
  if (speaks === 'microsoft') state.open.delete(request.params.id!);
  return { status: 201, body: { id: `file-${state.done.length}`, size: session.total } };
}

/** A server that takes uploads in sessions, as Google or Microsoft do. */
export const sessionServer = (speaks: 'google' | 'microsoft') =>
  fakeProvider<Sessions>({
    state: () => ({ open: new Map(), done: [], received: 0, takes: Number.POSITIVE_INFINITY }),
    routes: {
      'POST /files': (request, state) => {
        const id = `s${state.open.size + state.done.length + 1}`;
        state.open.set(id, { total: Number(request.headers['x-upload-content-length']), bytes: Buffer.alloc(0) });
        const host = `http://${request.headers.host}`;
        return speaks === 'google'
          ? { status: 200, headers: { location: `/sessions/${id}?upload_id=${id}` } }
          : { status: 200, body: { uploadUrl: `${host}/sessions/${id}` } };
      },
      'PUT /sessions/:id': (request, state) => take(request, state, speaks),
      'GET /sessions/:id': (request, state) => {
        const session = state.open.get(request.params.id!);
        if (!session) return { status: 404, body: {} };
        return { status: 200, body: { nextExpectedRanges: [`${session.bytes.length}-`] } };
      },
    },
  });
