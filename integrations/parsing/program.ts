/** What a task of a parser is given, within the child. */
export interface Task<P = unknown> {
  /** Parameters, as the node has checked them. */
  readonly parameters: P;
  /** Bytes of others. */
  readonly bytes: Buffer;
  /** A file that the parser was given, by its name. */
  asset(name: string): Buffer;
}

/** What a task answers: JSON, and bytes. */
export interface Done {
  readonly value: unknown;
  readonly bytes?: readonly Uint8Array[];
}

/** The tasks of a parser: what `program.ts` of a provider exports. They run in the child, never in the worker. */
export type Tasks = Readonly<Record<string, (task: Task<never>) => Done | Promise<Done>>>;

/** Codes of failures that a parser tells apart. */
export type DocumentCode =
  | 'document.broken'
  | 'document.encrypted'
  | 'document.encoding'
  | 'document.kind'
  | 'document.notFound'
  | 'document.path'
  | 'document.scanned'
  | 'document.template'
  | 'document.tooLarge'
  | 'document.value';

/** A failure of a parser whose reason is known. The message is for the author of the graph. */
export class DocumentError extends Error {
  readonly code: DocumentCode;

  constructor(code: DocumentCode, message: string) {
    super(message);
    this.code = code;
  }
}
