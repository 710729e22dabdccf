import { defineProvider } from '../define.ts';
import { httpBasic, httpBearer, httpCertificate, httpHeader } from './connection.ts';
import { oauth2 } from './oauth2.ts';
import { onPoll } from './on-poll.ts';
import { request } from './request.ts';
import { upload } from './upload.ts';

/** Any HTTP API. */
export const http = defineProvider({
  id: 'http',
  title: 'HTTP',
  category: 'Web',
  icon: 'globe',
  nodes: [request, upload],
  triggers: [onPoll],
  connections: [httpBearer, httpBasic, httpHeader, httpCertificate, oauth2],
});
