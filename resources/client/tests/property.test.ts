import { expect, it } from 'vitest';
import { DrayClient } from '../src/client.js';
import { FakeEnvironment } from './fakeenvironment.js';
import { FakeHub } from './fakehub.js';

const stepsPerRun = 400;

/** mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Chaos {
  readonly hub = new FakeHub();
  readonly environment = new FakeEnvironment(this.hub);
  readonly client: DrayClient;
  private restarts = 0;

  constructor(private readonly random: () => number) {
    this.hub.pageSize = 1 + this.pick(5);
    this.hub.ringSize = 3 + this.pick(40);
    this.client = new DrayClient({ url: 'http://hub:1', environment: this.environment });
  }

  step(): void {
    const dice = this.random();
    if (dice < 0.3) for (let i = this.pick(8); i >= 0; i -= 1) this.environment.socket.step();
    else if (dice < 0.84) this.work();
    else if (dice < 0.9) this.hub.tick();
    else if (dice < 0.93) this.cut();
    else if (dice < 0.97) this.environment.socket.loseNext();
    else if (dice < 0.974) this.hub.restart(`e${(this.restarts += 1)}x`);
    else this.environment.advance(this.pick(40_000));
  }

  /** Everything arrives at last. */
  async calm(): Promise<void> {
    for (let i = 0; i < 6; i += 1) {
      this.environment.advance(15_000);
      this.environment.settle();
      this.environment.socket.push({ method: 'session.ping', params: { time: 0 } });
      this.environment.settle();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
    this.hub.tick();
    this.environment.settle();
    this.hub.add(); // shows a loss that nothing after it has shown
    this.environment.settle();
  }

  private work(): void {
    const ids = [...this.hub.jobs.keys()];
    const id = ids[this.pick(ids.length)];
    const dice = this.random();
    if (id === undefined || dice < 0.2) this.hub.add({ title: `t${this.pick(99)}` });
    else if (dice < 0.3) this.hub.remove(id);
    else if (dice < 0.6) this.hub.move(id, { done: this.pick(1000), bytesPerSecond: this.pick(99) });
    else this.change(id);
  }

  /** A patch always carries the numbers, as the hub's do. */
  private change(id: string): void {
    const job = this.hub.jobs.get(id);
    const states = ['queued', 'running', 'paused', 'failed'] as const;
    const numbers = { done: job?.done ?? 0, bytesPerSecond: job?.bytesPerSecond ?? null };
    const message = this.random() < 0.3 ? null : `m${this.pick(9)}`;
    this.hub.change(id, { ...numbers, message, state: states[this.pick(states.length)] });
  }

  private cut(): void {
    if (!this.environment.socket.isGone) this.environment.socket.drop();
  }

  private pick(below: number): number {
    return Math.floor(this.random() * below);
  }
}

it.each(Array.from({ length: 150 }, (_, seed) => seed))('cuts, losses, restarts and replays: the jobs equal the hub\'s (seed %i)', async (seed) => {
  const chaos = new Chaos(randomOf(seed));
  for (let i = 0; i < stepsPerRun; i += 1) chaos.step();
  await chaos.calm();
  expect(chaos.client.status.value).toBe('connected');
  const seen = new Map([...chaos.client.jobs].map((job) => [job.id, job]));
  for (const [id, job] of chaos.hub.jobs) {
    // Numbers of a job that does not run are told by its next change or snapshot only.
    if (job.state === 'running') expect(seen.get(id)).toEqual(job);
    else expect(seen.get(id)).toMatchObject({ state: job.state, title: job.title });
    expect(seen.get(id)?.message).toBe(job.message);
  }
  expect(seen.size).toBe(chaos.hub.jobs.size);
});
