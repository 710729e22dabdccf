/** What is measured. */

/** A year with few runs of some kind, and many of another. */
export const FILTERS: Readonly<Record<string, string>> = {
  'all runs': '',
  'of a busy workflow': 'workflow=flow-0',
  'of a quiet workflow': 'workflow=flow-39',
  failed: 'status=failed',
  'failed, of a workflow': 'workflow=flow-3&status=failed',
  'of a version': 'workflow=flow-0&version=3',
  'with an error': 'error=http.404',
  'with a rare error, of a quiet workflow': 'error=card.declined&workflow=flow-39',
  'started by a schedule': 'uses=schedule',
  'that wait for an approval': 'waits=approval',
  'that retry': 'retrying=true',
  'with a label': 'label=vip',
  'by the words of their error': 'text=payment refused',
  'by a rare word': 'text=order4019',
  'by key': 'key=order-1000',
  'that a run has called': 'parent=r0000000000000000000000010',
  'that nothing fits': 'workflow=flow-0&status=timed-out',
};

const DAY_MS = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

/** What screens ask for beside lists of runs: paths under the API's. */
export const SUMMARIES: Readonly<Record<string, string>> = {
  'approvals: first page': 'approvals?limit=50',
  'approvals of a workflow': 'approvals?limit=50&workflow=flow-0',
  'statistics of a day, by hour': 'stats',
  'statistics of a day, of a workflow': 'stats?workflow=flow-0',
  'statistics of 30 days': 'stats?by=day',
  'statistics of a year': `stats?by=day&from=${ago(360)}&to=${ago(0)}`,
};
