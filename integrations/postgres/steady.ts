import type { Socket } from 'node:net';

/**
 * Hides the end of a socket from the driver, and gives the driver an error instead, now and for every later write.
 *
 * postgres.js 3.4.9 forgets its socket on `close` and still writes to it afterwards, from a timer: when the server dies
 * within a transaction, the `TypeError` ends the whole process. On `error` the driver fails the queries and keeps the
 * socket, which is all that a session of one statement needs. `onBroken` answers any query that is still kept waiting.
 */
export function steady(socket: Socket, onBroken: (error: Error) => void): Socket {
  const emit = socket.emit.bind(socket) as (name: string, ...values: unknown[]) => boolean;
  const write = socket.write.bind(socket) as (...values: unknown[]) => boolean;
  const fail = (): boolean => {
    const error = new Error('the connection was closed');
    // Emitted after the driver's own error, which is better, if there is one.
    setTimeout(onBroken, 50, error);
    return emit('error', error);
  };
  socket.emit = (name: string | symbol, ...values: unknown[]) =>
    name === 'close' ? fail() : emit(name as string, ...values);
  socket.write = (...values: unknown[]) => {
    if (!socket.destroyed) return write(...values);
    setImmediate(fail);
    return true;
  };
  return socket;
}
