import { refuseUnguarded } from '../../integrations/network/refusing.ts';
import { serveWorker } from './child.ts';

refuseUnguarded();
serveWorker();
