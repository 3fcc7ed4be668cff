import type { Shelf } from '../shared/shelf.js';

const alarm = 'wake';
const slowestMinutes = 5;

/** Minutes until the worker, which may sleep in between, looks for the hub again. */
export function wakeAfter(failures: number): number {
  return Math.min(0.5 * 2 ** failures, slowestMinutes);
}

/**
 * Wakes the worker where its own timers cannot: they end with it, 30 s after the last event. While
 * connected the hub's heartbeat keeps it up, and the alarm is for when the browser ends it nevertheless.
 */
export class Wakes {
  constructor(private readonly failures: Shelf<number>) {}

  listen(run: () => void): void {
    chrome.alarms.onAlarm.addListener(({ name }) => {
      if (name === alarm) void this.postpone().then(run);
    });
  }

  async connected(): Promise<void> {
    await this.failures.change(() => 0);
    await plan(1);
  }

  async lost(): Promise<void> {
    await plan(wakeAfter(await this.failures.read()));
  }

  async stop(): Promise<void> {
    await chrome.alarms.clear(alarm);
  }

  private async postpone(): Promise<void> {
    await plan(wakeAfter(await this.failures.change((count) => count + 1)));
  }
}

async function plan(minutes: number): Promise<void> {
  await chrome.alarms.create(alarm, { delayInMinutes: minutes, periodInMinutes: minutes });
}
