import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What came back over a connection, until it was closed or an answer was complete. */
export interface RawAnswer {
  /** Status of each answer, in order; empty: the connection was closed without one. */
  readonly statuses: readonly number[];
  readonly text: string;
}

/** What is sent: bytes, or a way of sending them. */
export type Sending = string | Buffer | ((socket: Socket) => Promise<void>);

/** Longest wait for an answer. */
const WITHIN_MS = 50_000;

/** Sends bytes that may be no request, and reads what comes back: at least so many answers, unless the connection is closed. */
export async function exchange(port: number, sending: Sending, { answers = 1 } = {}): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // A server may cut off whoever goes on sending.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', resolve).once('end', resolve));
  const send =
    typeof sending === 'function' ? sending(socket) : new Promise<void>((done) => socket.write(sending, () => done()));
  await Promise.race([send, closed]);
  const text = () => Buffer.concat(chunks).toString('latin1');
  const until = Date.now() + WITHIN_MS;
  // A connection that is kept stays open after its answer.
  for (let before = -1; Date.now() < until; before = chunks.length) {
    const isOver = await Promise.race([closed.then(() => true), sleep(150, false)]);
    if (
      isOver ||
      (chunks.length === before &&
        statusesIn(text()).length >= answers &&
        !/^HTTP\/1.1 100/.test(text().split('\r\n\r\n').at(-2) ?? ''))
    )
      break;
  }
  socket.destroy();
  return { statuses: statusesIn(text()), text: text() };
}

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)).filter((status) => status !== 100);

/** Sends one piece after the other, with pauses, as long as the server listens. */
export const slowly =
  (pieces: Iterable<string>, everyMs: number): Sending =>
  async (socket) => {
    for (const piece of pieces) {
      if (socket.destroyed || socket.readableEnded) return;
      socket.write(piece);
      await sleep(everyMs);
    }
  };
