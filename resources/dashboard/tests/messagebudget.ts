const atOnce = 30;
const perMinute = 100;
const mostBreaches = 3;
const minuteMs = 60_000;

/** What a hub takes of one connection (PROTOCOL.md §0.5), as its MessageBudget counts. */
export class MessageBudget {
  private left = atOnce;
  private filledAt: number;
  private breaches: number[] = [];

  constructor(private readonly now: () => number) {
    this.filledAt = now();
  }

  take(): 'allowed' | 'refused' | 'refused for good' {
    const at = this.now();
    this.left = Math.min(atOnce, this.left + ((at - this.filledAt) * perMinute) / minuteMs);
    this.filledAt = at;
    if (this.left >= 1) {
      this.left -= 1;
      return 'allowed';
    }
    this.breaches = [...this.breaches, at].filter((breach) => at - breach <= minuteMs);
    return this.breaches.length >= mostBreaches ? 'refused for good' : 'refused';
  }

  /** Until one more is allowed, in milliseconds. */
  get wait(): number {
    return Math.ceil(((1 - this.left) * minuteMs) / perMinute);
  }
}
