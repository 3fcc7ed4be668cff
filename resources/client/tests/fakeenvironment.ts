import type { Environment, SocketLike } from '../src/environment.js';
import type { Message } from '../src/protocol.js';
import type { FakeConnection, FakeHub } from './fakehub.js';

interface Timer {
  at: number;
  run: () => void;
}

/** A clock that stands until it is moved, and sockets to a FakeHub whose messages arrive when told. */
export class FakeEnvironment implements Environment {
  time = 1_000_000;
  randomValue = 1;
  readonly sockets: FakeSocket[] = [];
  /** Delays of all timers that were ever set, for tests of the back-off. */
  readonly delays: number[] = [];
  isSocketBlocked = false;
  requests: string[] = [];
  respond: (url: string, init: RequestInit) => Promise<Response> = () => Promise.reject(new TypeError('no network'));
  readonly notifications: string[] = [];
  private readonly timers = new Set<Timer>();
  private readonly wakers = new Set<() => void>();

  constructor(readonly hub: FakeHub) {
    hub.now = () => this.time;
  }

  now = () => this.time;
  random = () => this.randomValue;

  setTimer = (run: () => void, delayMs: number): Timer => {
    const timer = { at: this.time + delayMs, run };
    this.delays.push(delayMs);
    this.timers.add(timer);
    return timer;
  };

  clearTimer = (timer: unknown): void => {
    this.timers.delete(timer as Timer);
  };

  openSocket = (): SocketLike => {
    const socket = new FakeSocket(this.hub, this.isSocketBlocked);
    this.sockets.push(socket);
    return socket;
  };

  fetch = (url: string, init: RequestInit): Promise<Response> => {
    this.requests.push(url);
    return this.respond(url, init);
  };

  onWake = (run: () => void): (() => void) => {
    this.wakers.add(run);
    return () => this.wakers.delete(run);
  };

  notify = (title: string, body: string): void => {
    this.notifications.push(`${title}: ${body}`);
  };

  wake(): void {
    for (const run of [...this.wakers]) run();
  }

  /** Moves the clock, running the timers that come due in their order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due);
      this.time = due.at;
      due.run();
    }
    this.time = end;
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  /** Carries messages both ways until nothing is on its way. */
  settle(): void {
    while (this.sockets.some((socket) => socket.step())) continue;
  }
}

/** A socket whose traffic stands still until `step`. */
export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  /** Calls, also those of a batch; `messages` counts a batch once. */
  readonly sent: Message[] = [];
  messages = 0;
  closeCode: number | undefined;
  private connection: FakeConnection | undefined;
  private isOpen = false;
  private readonly toClient: Message[] = [];
  private readonly toHub: Message[] = [];
  private closing: { code: number; reason: string } | undefined;

  constructor(
    private readonly hub: FakeHub,
    private readonly isBlocked: boolean,
  ) {}

  send(text: string): void {
    const messages = [JSON.parse(text) as Message | Message[]].flat();
    this.sent.push(...messages);
    this.messages += 1;
    this.toHub.push(...messages);
  }

  close(code?: number): void {
    this.closeCode = code;
    this.connection?.gone();
    this.isDone = true;
  }

  /** Delivers one thing; false when there is nothing to deliver. */
  step(): boolean {
    if (this.isDone) return false;
    if (this.isBlocked) return this.drop(1006);
    if (!this.isOpen) return this.open();
    const up = this.toHub.shift();
    if (up) this.connection?.receive(up);
    const down = this.toClient.shift();
    if (down) this.onmessage?.({ data: JSON.stringify(down) });
    if (up || down) return true;
    return this.closing ? this.drop(this.closing.code, this.closing.reason) : false;
  }

  /** Cuts the line: what was on its way is lost. */
  drop(code = 1006, reason = ''): true {
    this.connection?.gone();
    this.isDone = true;
    this.onclose?.({ code, reason });
    return true;
  }

  /** Loses the next message to the client without a trace. */
  loseNext(): void {
    this.toClient.shift();
  }

  push(message: Message): void {
    this.toClient.push(message);
  }

  get isGone(): boolean {
    return this.isDone;
  }

  private isDone = false;

  private open(): true {
    this.isOpen = true;
    this.connection = this.hub.connect({
      deliver: (message) => void this.toClient.push(message),
      closed: (code, reason) => void (this.closing = { code, reason }),
    });
    this.onopen?.();
    return true;
  }
}
