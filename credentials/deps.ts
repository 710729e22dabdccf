import type { Database, Keyring } from '../db/index.ts';
import type { Network } from '../integrations/context.ts';
import type { ConnectionType } from '../integrations/define-connection.ts';

/** What opening a connection works with. */
export interface CredentialDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  /** Services are asked for tokens through it. */
  readonly network: Network;
  readonly findType: (type: string) => ConnectionType | undefined;
  /** Epoch milliseconds; a test may set the clock. */
  readonly now: () => number;
}

/** Where a connection is. */
export interface At {
  readonly workspace: string;
  readonly name: string;
  /** It is opened to show something of it, which is no use of it: who only reads changes nothing. */
  readonly isLook?: boolean;
}
