import { errorCodes, subprotocol, type ErrorBody, type Message } from './protocol.js';
import { socketUrl } from './socketsession.js';

/** `late`: the user did not answer in time. `tooOften`: the hub takes five tries in ten minutes. */
export type PairingFailure = 'refused' | 'late' | 'tooOften' | 'failed' | 'unreachable';
export type PairingEnd = { token: string } | { failure: PairingFailure };

/** Who asks: shown by the hub. */
export interface PairingAsker {
  name: string;
  kind: 'page' | 'extension';
}

/** A request to be let in (pair.request). It waits until the user answers at the computer. */
export class Pairing {
  /** Six random digits that both sides show. */
  readonly code = randomCode();
  private readonly socket: WebSocket;
  private isOver = false;

  /** `onend` is called once, and never after cancel(). */
  constructor(url: string, private readonly asker: PairingAsker, private readonly onend: (end: PairingEnd) => void) {
    this.socket = new WebSocket(socketUrl(url), [subprotocol]);
    this.socket.onopen = () => this.ask();
    this.socket.onmessage = ({ data }) => this.receive(JSON.parse(String(data)) as Message);
    this.socket.onclose = () => this.end({ failure: 'unreachable' });
  }

  /** Takes the request back. */
  cancel(): void {
    this.isOver = true;
    this.socket.close();
  }

  private ask(): void {
    const params = { ...this.asker, code: this.code };
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'pair.request', params }));
  }

  private receive({ id, method, params, result, error }: Message): void {
    if (method === 'session.ping')
      this.socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'session.pong', params: { time: params?.['time'] ?? 0 } }));
    if (id !== 1) return;
    this.end(error ? { failure: failureOf(error) } : { token: (result as { token: string }).token });
  }

  private end(end: PairingEnd): void {
    if (this.isOver) return;
    this.cancel();
    this.onend(end);
  }
}

function failureOf({ code, data }: ErrorBody): PairingFailure {
  if (code === errorCodes.forbidden) return 'refused';
  if (code === errorCodes.rateLimited) return 'tooOften';
  return data?.type === 'timeout' ? 'late' : 'failed';
}

function randomCode(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return String(random % 1_000_000).padStart(6, '0');
}
