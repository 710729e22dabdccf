import { serveWorker } from './child.ts';

serveWorker();
