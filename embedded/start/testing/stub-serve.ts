/** Stands in for API and worker where a test looks at the supervisor alone: ready at once, ends when its parent does. */
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end(JSON.stringify({ pid: process.pid })));
server.listen(Number(process.env.PORT), process.env.HOST);
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => server.close(() => process.exit(0)));
