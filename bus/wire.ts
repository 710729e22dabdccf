/** What connects the processes of a bus. */
export interface Wire {
  /** Shortest time between two sendings. */
  readonly everyMs: number;
  /** Begins to hear the others, if it does not yet. */
  listen(): void;
  /** @throws if the others cannot be reached now */
  send(texts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens a wire. It calls back with each text that any process sent, this one included. */
export type OpenWire = (on: {
  text(text: string): void;
  /** The wire was down, or has just come up: texts may have been missed. */
  gap(): void;
}) => Wire;

/** The channel that all processes of an installation share. */
export const CHANNEL = 'blok_bus';
