import { setTimeout } from 'node:timers/promises';
import postgres from 'postgres';
import { keepHistory } from '../../api/background/history.ts';
import { writeCursor } from '../../api/http/cursor.ts';
import { openDatabase } from '../../db/index.ts';
import { conclude } from '../results.ts';
import { percentile } from '../statistics.ts';
import { startApiAlone } from './api-alone.ts';
import { explainLists } from './explain.ts';
import { fillHistory } from './fill.ts';
import { FILTERS, SUMMARIES } from './lists.ts';

const WORKSPACE = 'default';
const FULL = { runs: 1_000_000, steps: 10_000_000, seed: 7 };
const QUICK = { runs: 100_000, steps: 1_000_000, seed: 7 };

/** Goals, in milliseconds. */
const PAGE_P95 = 20;
const RETENTION = 2_000;
const LOCK = 200;

const PAGE = 50;
const TIMES = 60;

/** Measures the history of a million runs through the API. */
export async function benchHistory({ quick, write }: { quick: boolean; write: boolean }): Promise<boolean> {
  const amount = quick ? QUICK : FULL;
  const server = await startApiAlone((databaseUrl) => fillHistory(databaseUrl, amount, WORKSPACE));
  const { url, databaseUrl } = server;
  try {
    await untilCounted(databaseUrl);
    const rows = await measureLists(url, { runs: amount.runs, deep: await deepCursor(databaseUrl, amount.runs / 2) });
    const scans = await explainLists(databaseUrl, WORKSPACE);
    const removal = await measureRemoval(databaseUrl);
    const missed = [
      ...rows.filter(({ p95 }) => p95 > PAGE_P95).map(({ name, p95 }) => `${name}: p95 ${p95.toFixed(1)} ms`),
      ...scans,
      ...(removal.ms > RETENTION ? [`a month was removed in ${removal.ms.toFixed(0)} ms`] : []),
      ...(removal.longestMs > LOCK ? [`somebody waited ${removal.longestMs.toFixed(0)} ms while it was removed`] : []),
    ];
    return conclude('history', { table: tableOf(amount, rows, removal), missed, write });
  } finally {
    await server.stop();
  }
}

/** A database that was there all the time has counted its runs for the statistics. One that was filled at once does so now. */
async function untilCounted(databaseUrl: string): Promise<void> {
  const owner = postgres(databaseUrl, { max: 1 });
  try {
    for (let isCounted = false; !isCounted; await setTimeout(1_000)) {
      const [state] = await owner<{ isDone: boolean }[]>`select rows_done as "isDone" from statistic_state`;
      isCounted = state?.isDone === true;
    }
    await owner`vacuum (analyze) run, step, run_term`;
  } finally {
    await owner.end();
  }
}

async function measureLists(url: string, { runs, deep }: { runs: number; deep: string }): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, query] of Object.entries(FILTERS)) {
    const page = `${url}/api/runs?limit=${PAGE}&${query}`;
    rows.push(await measure(`${name}: first page`, page));
    rows.push(await measure(`${name}: page ${runs / 2 / PAGE}`, `${page}&cursor=${deep}`));
    rows.push(await measure(`${name}: count`, `${url}/api/runs/count?${query}`));
  }
  for (const [name, path] of Object.entries(SUMMARIES)) rows.push(await measure(name, `${url}/api/${path}`));
  return rows;
}

interface Row {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
}

async function measure(name: string, url: string): Promise<Row> {
  const times: number[] = [];
  for (let time = -5; time < TIMES; time++) {
    const begin = performance.now();
    const answer = await fetch(url);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${text.slice(0, 500)}`);
    // The first ones only warm up.
    if (time >= 0) times.push(performance.now() - begin);
  }
  return { name, p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

/** The cursor behind so many runs. */
async function deepCursor(databaseUrl: string, position: number): Promise<string> {
  const owner = postgres(databaseUrl, { max: 1 });
  try {
    const [at] = await owner<{ id: string; startedAt: Date }[]>`select id, started_at as "startedAt" from run
      where workspace_id = ${WORKSPACE} order by started_at desc, id desc offset ${position - 1} limit 1`;
    return writeCursor(['older', at!.startedAt.toISOString(), at!.id]);
  } finally {
    await owner.end();
  }
}

/** How long the removal of the oldest month takes, and how long the slowest of those who read meanwhile has to wait. */
async function measureRemoval(databaseUrl: string): Promise<{ ms: number; longestMs: number }> {
  const database = openDatabase(databaseUrl, { max: 2 });
  const reader = postgres(databaseUrl, { max: 1 });
  let isOver = false;
  let longestMs = 0;
  const reading = (async () => {
    while (!isOver) {
      const begin = performance.now();
      await reader`select id from run where workspace_id = ${WORKSPACE} order by started_at desc limit 1`;
      longestMs = Math.max(longestMs, performance.now() - begin);
    }
  })();
  try {
    const begin = performance.now();
    await keepHistory({ database, workspace: WORKSPACE, keepMonths: 11 });
    return { ms: performance.now() - begin, longestMs };
  } finally {
    isOver = true;
    await reading;
    await Promise.all([reader.end(), database.close()]);
  }
}

const tableOf = (
  { runs, steps }: typeof FULL,
  rows: readonly Row[],
  removal: { ms: number; longestMs: number },
): string =>
  [
    `${runs} runs, ${steps} steps; pages of ${PAGE} runs through the API, one after the other, in milliseconds.`,
    '',
    '| list | p50 | p95 |',
    '|---|---:|---:|',
    ...rows.map(({ name, p50, p95 }) => `| ${name} | ${p50.toFixed(1)} | ${p95.toFixed(1)} |`),
    '',
    `A month of runs was removed in ${removal.ms.toFixed(0)} ms; who read meanwhile waited ${removal.longestMs.toFixed(0)} ms at most.`,
  ].join('\n');
