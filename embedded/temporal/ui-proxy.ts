import { type Address, startDoor } from '../process/door.ts';

/** Where the proxy listens, and what is behind it. */
export interface UiProxyOptions {
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Address under which people reach the proxy, if it is another one. */
  readonly publicUrl?: string;
  /** Where the UI listens. */
  readonly ui: Address;
}

/**
 * The door to the Temporal UI: the UI itself answers anybody, so it listens where no web page reaches it.
 * @returns a function that stops the proxy
 * @throws Error if the port is taken
 */
export const startUiProxy = ({ ui, ...options }: UiProxyOptions): Promise<() => void> =>
  startDoor({
    ...options,
    behind: ui,
    refused: {
      host: 'The Temporal UI does not answer under that host name. If it is yours, set TEMPORAL_UI_URL to that address and start again.',
      origin: 'The page of another site may not use the Temporal UI.',
    },
    silent: 'The Temporal UI does not answer. Temporal may be starting: try again.',
  });
