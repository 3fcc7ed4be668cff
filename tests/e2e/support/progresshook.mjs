// A client of AI progress in the style of a React hook: it holds state that a component would show, connects
// again by itself (1, 2, 4, 8, 16 units of time, five attempts), keeps what is sent while it is offline, and asks
// the polling endpoint what it missed.

const waits = [1, 2, 4, 8, 16];

export class ProgressHook {
  state = { status: 'idle', attempts: 0, updates: [], error: null };
  /** Every wait that was begun, in units. */
  waited = [];
  #socket = null;
  #timer = null;
  #queue = [];
  #cursor = '';

  /** `io` is socket.io-client's; `unitMs` is a second where nobody waits for a test. */
  constructor({ io, url, sid, conversation, transports, unitMs = 1000 }) {
    Object.assign(this, { io, url, sid, conversation, transports, unitMs });
  }

  /** As the effect of a component that appears. */
  mount() {
    this.#set({ status: 'connecting' });
    this.#socket = this.io(this.url, { auth: { sid: this.sid }, transports: this.transports, reconnection: false, forceNew: true });
    this.#socket.on('connect', () => this.#onConnect());
    this.#socket.on('ai_progress', (update) => this.#take(update));
    this.#socket.on('connect_error', (error) => this.#onLost(error));
    this.#socket.on('disconnect', (reason) => reason !== 'io client disconnect' && this.#onLost(new Error(reason)));
  }

  /** As its cleanup. */
  unmount() {
    clearTimeout(this.#timer);
    this.#socket?.disconnect();
    this.#socket?.removeAllListeners();
    this.#set({ status: 'idle' });
  }

  send(message) {
    const full = { conversation_id: this.conversation, ...message };
    if (this.state.status === 'connected') this.#socket.emit('ai_progress', full);
    else this.#queue.push(full);
  }

  get queued() {
    return this.#queue.length;
  }

  /** What was told since the last time, by the polling endpoint. */
  async poll() {
    const query = new URLSearchParams({ conversation_id: this.conversation, since: this.#cursor });
    if (!this.#cursor) query.delete('since');
    const answer = await fetch(`${this.url}/api/method/ai_assistant.api.get_progress?${query}`, { headers: { Authorization: `Bearer ${this.sid}` } });
    const { message } = await answer.json();
    this.#cursor = message.cursor;
    for (const update of message.updates) this.#take(update);
    return message.updates;
  }

  async #onConnect() {
    this.#set({ status: 'connected', attempts: 0, error: null });
    for (const message of this.#queue.splice(0)) this.#socket.emit('ai_progress', message);
  }

  #onLost(error) {
    this.#set({ status: 'disconnected', error: error.message });
    if (error.message === 'unauthorized') return void this.#set({ status: 'unauthorized' });
    const wait = waits[this.state.attempts];
    if (wait === undefined) return void this.#set({ status: 'failed' });
    this.#set({ attempts: this.state.attempts + 1 });
    this.waited.push(wait);
    this.#timer = setTimeout(() => this.#socket.connect(), wait * this.unitMs);
  }

  /** The same message may come by both ways. */
  #take(update) {
    if (update.conversation_id !== this.conversation) return;
    const known = this.state.updates.some((other) => JSON.stringify(other) === JSON.stringify(update));
    if (!known) this.#set({ updates: [...this.state.updates, update] });
  }

  #set(change) {
    this.state = { ...this.state, ...change };
  }
}
