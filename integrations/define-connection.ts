import type { z } from 'zod';
import type { TakesConnection } from '../graph/catalogue.ts';
import type { Network, OpenConnection, RateLimit } from './context.ts';
import type { OAuthUse } from './oauth/provider.ts';

/** What a connection's `test` receives. */
export interface ConnectionTestContext {
  readonly network: Network;
  readonly signal: AbortSignal;
  /** Hosts that the owner of the connection listed. */
  readonly hosts: readonly string[];
  /** A token that is valid now, if the type has `oauth`. */
  readonly accessToken?: string;
}

/**
 * The result of a test: fine, and as whom and with which scopes, if the service says; or what is wrong, in words the owner
 * can act on. Never holds a secret.
 */
export type ConnectionTestResult =
  | { readonly ok: true; readonly account?: string; readonly scopes?: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** An amount: in base units, and as a decimal text. */
export interface HeldAmount {
  readonly raw: string;
  readonly decimals: number;
  readonly text: string;
}

/** What a wallet holds. */
export interface Holdings {
  readonly sol: HeldAmount;
  readonly tokens: readonly (HeldAmount & { readonly mint: string; readonly program: string })[];
}

/** A kind of stored credential: its fields, which of them are secret, and where it may be sent. */
export interface ConnectionType<F extends z.ZodObject = z.ZodObject> {
  /** kebab-case, unique: `http-bearer`. */
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly fields: F;
  /** Names of fields that are never shown again once they are stored. */
  readonly secretFields: readonly string[];
  /**
   * Fields that hold the name of another connection, and the type that it must have. Nodes get these connections opened, too
   * (`OpenConnection.linked`).
   */
  readonly links?: Readonly<Record<string, string>>;
  /**
   * Hosts that the data itself implies (such as the host of a database). If there are none, the owner must list the
   * hosts, and a connection without any is refused at each use.
   */
  allowedHosts(data: z.output<F>): readonly string[];
  /**
   * What may be shown of its data to whoever may see the connection, and what nodes get that need no secret. It is sealed
   * apart from the data, so that nobody who only shows it opens a secret.
   */
  shows?(data: z.output<F>): Readonly<Record<string, unknown>>;
  /** What it holds, if it is a wallet, asked through the connections that it names. What `shows` gives must be enough for that. */
  holds?(
    ctx: Pick<ConnectionTestContext, 'network' | 'signal'>,
    shown: Readonly<Record<string, unknown>>,
    linked: Readonly<Record<string, OpenConnection>>,
  ): Promise<Holdings>;
  /** How many calls the provider allows with one such connection, unless the connection's owner says otherwise. */
  readonly rate?: RateLimit;
  /**
   * How the connection comes to access tokens. A node then gets the public fields, `accessToken`, and what the provider
   * `keeps`; secrets and refresh tokens stay with Blok.
   */
  oauth?(data: z.output<F>): OAuthUse;
  /** Tries the credential without changing anything. Absent if there is nothing to try it on. */
  test?(ctx: ConnectionTestContext, data: z.output<F>): Promise<ConnectionTestResult>;
}

/** Which connections a node or a trigger takes. */
export interface ConnectionUse extends TakesConnection {
  /** Of a type that `shows` something, only that is needed: the secrets of such a connection stay closed. */
  readonly keyless?: boolean;
}

/** Defines a connection type. */
export function defineConnection<F extends z.ZodObject>(type: ConnectionType<F>): ConnectionType<F> {
  return type;
}

/** Name of the field that holds the access token of an opened connection. */
export const ACCESS_TOKEN = 'accessToken';

/** The fields of an opened connection that are secret. */
export const secretFieldsOf = (type: ConnectionType | undefined): readonly string[] | undefined =>
  type?.oauth ? [...type.secretFields, ACCESS_TOKEN] : type?.secretFields;
