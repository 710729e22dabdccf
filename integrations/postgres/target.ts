import { z } from 'zod';
import { type Certificates, certificateFields, certificatesOf, havePair, PAIR } from '../network/certificate-fields.ts';
import { isLoopback } from '../network/loopback.ts';

const ssl = () => z.enum(['disable', 'prefer', 'require', 'verify-full']);

/** Fields of a `postgres` connection. */
export const fields = z
  .strictObject({
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
      .optional()
      .describe('Everything in one: `postgres://user:password@host:5432/database?sslmode=verify-full`.'),
    host: z.string().min(1).max(255).optional().describe('Host name of the server, unless there is a `url`.'),
    port: z.int().min(1).max(65_535).optional().describe('Port; 5432 by default.'),
    database: z.string().min(1).max(63).optional().describe('Name of the database.'),
    user: z.string().min(1).max(63).optional().describe('Name of the role.'),
    password: z.string().max(1024).optional().describe('Its password.'),
    ssl: ssl()
      .optional()
      .describe(
        '`require`: TLS or nothing; the default. `verify-full`: also, the certificate must match; best over the internet, and the default if `ca` is given. `prefer`: TLS if the server has it; the default for a server on this machine (`localhost`, 127.0.0.0/8, ::1). `disable`: no TLS.',
      ),
    ...certificateFields(),
  })
  .refine(havePair, PAIR)
  .refine(
    ({ url, host, database, user }) =>
      (url === undefined) !== (host === undefined && database === undefined && user === undefined),
    {
      message: 'give either url, or host, database and user',
      path: ['url'],
    },
  )
  .refine(
    ({ url, host, database, user }) =>
      url !== undefined || (host !== undefined && database !== undefined && user !== undefined),
    {
      message: 'host, database and user belong together',
      path: ['host'],
    },
  );

/** Fields of a `postgres` connection, parsed. */
export type PostgresFields = z.output<typeof fields>;

/** Where a connection leads, with every detail filled in. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly ssl: z.output<ReturnType<typeof ssl>>;
  readonly certificates: Certificates;
}

/** The target of a connection, however it is written. Null if its `url` cannot be read. */
export function targetOf(data: PostgresFields): Target | null {
  const written = data.url === undefined ? data : fromUrl(data.url);
  if (written === null) return null;
  const { host = '', port = 5432, database = '', user = '', password = '' } = written;
  if (host === '' || user === '') return null;
  return {
    host,
    port,
    database: database || user,
    user,
    password,
    ssl: data.ssl ?? written.ssl ?? defaultSsl(host, data),
    certificates: certificatesOf(data),
  };
}

/** An authority is given so that certificates are checked against it. */
function defaultSsl(host: string, { ca }: PostgresFields): Target['ssl'] {
  if (ca !== undefined) return 'verify-full';
  return isLoopback(host) ? 'prefer' : 'require';
}

function fromUrl(text: string): Partial<Omit<Target, 'certificates'>> | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const written = url.searchParams.get('sslmode') ?? undefined;
  const mode = ssl().safeParse(written === 'verify-ca' ? 'verify-full' : written);
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      ...(url.port !== '' && { port: Number(url.port) }),
      database: decodeURIComponent(url.pathname.slice(1)),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      ...(mode.success && { ssl: mode.data }),
    };
  } catch {
    return null;
  }
}
