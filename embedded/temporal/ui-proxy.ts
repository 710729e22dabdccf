import { type DoorOptions, startDoor } from '../process/door.ts';

/**
 * The door to the Temporal UI: the UI itself answers anybody, so it listens where no web page reaches it.
 * @returns a function that stops the proxy
 * @throws Error if the port is taken
 */
export const startUiProxy = (options: Omit<DoorOptions, 'sockets' | 'refused' | 'silent'>): Promise<() => void> =>
  startDoor({
    ...options,
    refused: {
      host: 'The Temporal UI does not answer under that host name. If it is yours, set TEMPORAL_UI_URL to that address and start again.',
      origin: 'The page of another site may not use the Temporal UI.',
    },
    silent: 'The Temporal UI does not answer. Temporal may be starting: try again.',
  });
