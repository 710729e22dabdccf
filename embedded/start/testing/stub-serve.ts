/** Replaces API and worker in tests of the supervisor alone: it is ready immediately, and ends with its parent. */
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end(JSON.stringify({ pid: process.pid })));
server.listen(Number(process.env.PORT), process.env.HOST);
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => server.close(() => process.exit(0)));
