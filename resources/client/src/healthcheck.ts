import type { Environment, TimerId } from './environment.js';

/** Whether a hub answers by plain HTTP at all. Asked once; no answer within `patienceMs` is a no. */
export class HealthCheck {
  private readonly controller = new AbortController();
  private readonly timer: TimerId;
  private readonly stopListening: () => void;

  constructor(
    private readonly environment: Environment,
    patienceMs: number,
    /** The network is back, or the page is looked at. */
    onWake: () => void,
  ) {
    this.timer = environment.setTimer(() => this.controller.abort(), patienceMs);
    this.stopListening = environment.onWake(onWake);
  }

  async isReachable(url: string): Promise<boolean> {
    const { signal } = this.controller;
    try {
      return (await this.environment.fetch(`${url}/healthz`, { cache: 'no-store', signal })).ok;
    } catch {
      return false;
    }
  }

  /** Nobody waits for it any more. */
  end(): void {
    this.environment.clearTimer(this.timer);
    this.stopListening();
    this.controller.abort();
  }
}
