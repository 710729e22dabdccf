import type { Client } from './client.ts';

/** What a command may use of the outside world. Only `main.ts` builds a real context. */
export interface CliContext {
  readonly client: Client;
  /** Writes a line to standard output: the result of the command, and nothing else. */
  out(text: string): void;
  /** Writes a line to standard error: progress, hints, failures. */
  err(text: string): void;
  /** Set if standard error is a terminal, so that lines can be redrawn. */
  readonly screen: Screen | null;
  /** Whether standard output shows colours. */
  readonly colours: boolean;
  /** Content of a file, its path relative to the working directory. Rejects as `fs.readFile` does. */
  readFile(path: string): Promise<Uint8Array>;
  /** Writes a file, its path relative to the working directory. Rejects as `fs.writeFile` does. */
  writeFile(path: string, text: string): Promise<void>;
  /** Creates a file, and the folders it lies in. Rejects with `EEXIST` if there is one. */
  createFile(path: string, text: string): Promise<void>;
  /** Runs Node with these arguments, on the terminal of the command. @returns its exit code */
  runNode(args: readonly string[]): Promise<number>;
  /** The folder of Blok. */
  readonly root: string;
  /** The folder of the user's own nodes, if the environment names one. */
  readonly ownNodes?: string;
  /** What is in a folder, its path relative to the working directory. Rejects as `fs.readdir` does. */
  listFolder(path: string): Promise<readonly { readonly name: string; readonly folder: boolean }[]>;
  /** Runs a module, its path relative to the working directory; it can import what is provided by name. */
  importModule(path: string, provided: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<unknown>;
  /** Paths of all files below a folder, relative to it, without hidden folders. Rejects as `fs.readdir` does. */
  listFiles(folder: string): Promise<readonly string[]>;
  /** Makes a folder, and those above it, unless it is there. */
  makeFolder(path: string): Promise<void>;
  /** Asks the person at the terminal yes or no; null: there is nobody to ask. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  /** Who runs the command: the default for `--by`. */
  readonly user: string;
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms` milliseconds, or immediately when interrupted. */
  sleep(ms: number): Promise<void>;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** A fresh random key. */
  newKey(): string;
}

/** A terminal whose last lines the CLI redraws. */
export interface Screen {
  /** Replaces what was drawn before by these lines. */
  draw(lines: readonly string[]): void;
}
