import type { AgentPoint } from 'dray-client';

const minuteMs = 60_000;

/** What an agent did in each of the last minutes, the oldest first. */
export interface Minutes {
  messages: number[];
  ended: number[];
  /** 0 to 1. */
  errorRates: number[];
  /** Of all that ended, 0 to 1. */
  errorRate: number;
}

/** `nowMs` is in the last of `count` minutes. */
export function minutesOf(points: readonly AgentPoint[], nowMs: number, count: number): Minutes {
  const last = Math.floor(nowMs / minuteMs);
  const byMinute = new Map(points.map((point) => [Math.floor(point.time / minuteMs), point]));
  const shown = Array.from({ length: count }, (_, index) => byMinute.get(last - count + 1 + index));
  const ended = shown.map((point) => (point ? point.succeeded + point.failed : 0));
  const failed = shown.map((point) => point?.failed ?? 0);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    messages: shown.map((point) => point?.messages ?? 0),
    ended,
    errorRates: failed.map((value, index) => value / Math.max(1, ended[index] ?? 0)),
    errorRate: sum(failed) / Math.max(1, sum(ended)),
  };
}
