import { serveWorker } from '../quarantine/child.ts';
import { hostileActivities } from './hostile-activities.ts';

serveWorker(() => hostileActivities(process.env.BLOK_TEST_NOTES!));
