import { type At, pointerOf } from './at.ts';

/** The schema cannot be used, whatever the value. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
  /** JSON Pointer into the schema. */
  readonly path: string;

  constructor(message: string, where: At) {
    super(message);
    this.path = pointerOf(where);
  }
}

/** To check a value against the schema takes more time or memory than a check may take. */
export class TooCostly extends Error {
  override readonly name = 'TooCostly';
  readonly code = 'schema.tooCostly';
  /** JSON Pointer to where the work was: into the schema when the schema itself is too costly, else into the value. */
  readonly path: string;

  constructor(message: string, at: At) {
    super(message);
    this.path = pointerOf(at);
  }
}
