import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { FakeHub, type FakeConnection } from 'dray-client/fakehub';
import type { Message, Params } from 'dray-client';
import { MessageBudget } from './messagebudget.js';
import { acceptSocket, type SocketEnd } from './websocket.js';

const types: Record<string, string> = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.webmanifest': 'application/manifest+json',
};

/** The policy the page has to live with. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/** A FakeHub behind a real port of this machine, which serves the built page too. */
export class FakeServer {
  readonly hub = new FakeHub();
  /** One-time tokens that are not used yet. */
  readonly oneTime = new Set<string>();
  /** Pages that ask to be let in, each with the call that answers it. */
  readonly asking: { params: Params; answer: (answer: Partial<Message>) => void }[] = [];
  isSocketRefused = false;
  /** Messages that came by socket; a batch is one. */
  messages = 0;
  /** With which codes the other ends closed their sockets. */
  readonly closed: number[] = [];
  /** Methods that were one message too many. */
  readonly refused: (string | undefined)[] = [];
  private readonly server: Server;
  private readonly sockets = new Set<SocketEnd>();

  constructor(private readonly folder: string) {
    this.hub.token = 'session-token';
    this.hub.now = () => Date.now();
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('upgrade', (request, stream: Duplex) => this.upgrade(request, stream));
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((done) => this.server.listen(port, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** As a hub that was killed: the port is closed, the connections are broken. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private upgrade(request: IncomingMessage, stream: Duplex): void {
    if (this.isSocketRefused) return void stream.destroy();
    let connection: FakeConnection | undefined = undefined as FakeConnection | undefined;
    const receive = (message: Message) => {
      if (message.method !== 'pair.request') return connection?.receive(message);
      const answer = (rest: Partial<Message>) => socket.send(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...rest }));
      this.asking.push({ params: message.params ?? {}, answer });
    };
    const budget = new MessageBudget(this.hub.now);
    const read = (text: string) => {
      this.messages += 1;
      const messages = [JSON.parse(text) as Message | Message[]].flat();
      const verdict = messages[0]?.method === 'session.pong' ? 'allowed' : budget.take();
      if (verdict === 'allowed') return messages.forEach(receive);
      this.refuse(socket, messages, budget.wait);
      if (verdict === 'refused for good') connection?.close(4029);
    };
    const closing = (code: number) => void this.closed.push(code);
    const socket = acceptSocket(request, stream, 'dray.v1', { text: read, closing });
    this.sockets.add(socket);
    stream.on('close', () => {
      connection?.gone();
      this.sockets.delete(socket);
    });
    connection = this.hub.connect({
      deliver: (message) => socket.send(JSON.stringify(message)),
      closed: (code) => socket.close(code),
    });
  }

  private refuse(socket: SocketEnd, messages: readonly Message[], retryAfterMs: number): void {
    const error = { code: -32005, message: 'Too many messages', data: { type: 'rateLimited', retryable: true, retryAfterMs } };
    for (const { id, method } of messages) {
      this.refused.push(method);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, error }));
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const path = new URL(request.url ?? '/', 'http://hub').pathname;
    if (path === '/healthz') return void response.end();
    if (path === '/api/v1/session') return this.session(await bodyOf(request), response);
    if (path === '/api/v1/tickets') return json(response, 200, { ticket: 'ticket-1' });
    if (/^\/api\/v1\/jobs\/\d+\/file$/.test(path)) return file(request, response);
    if (path.startsWith('/api/')) return this.api(request, response, path);
    this.page(path === '/' ? '/index.html' : path, response);
  }

  private session(body: string, response: ServerResponse): void {
    const { token } = JSON.parse(body) as { token: string };
    if (!this.oneTime.delete(token)) return json(response, 401, { type: 'unauthorized' });
    json(response, 200, { token: this.hub.token });
  }

  private async api(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (request.headers.authorization !== `Bearer ${this.hub.token}`) return json(response, 401, { type: 'unauthorized' });
    if (path === '/api/v1/events') return this.stream(response);
    const call = JSON.parse(await bodyOf(request)) as Message;
    json(response, 200, { jsonrpc: '2.0', id: call.id, result: this.hub.command(call.method ?? '', call.params ?? {}) });
  }

  /** The stream without resuming: a snapshot each time. */
  private stream(response: ServerResponse): void {
    const { epoch, seq } = this.hub;
    const write = (type: string, body: unknown) => response.write(`event: ${type}\ndata: ${JSON.stringify(body)}\n\n`);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    write('hello', { epoch, seq, recovered: false });
    write('snapshot', { topic: 'jobs', epoch, seq, ...this.hub.page() });
    const connection = this.hub.connect({
      deliver: ({ method, params }) => method && write(method, params),
      closed: () => response.destroy(),
    });
    connection.receive({ id: 1, method: 'session.hello', params: { token: this.hub.token, topics: [{ topic: 'jobs' }] } });
    response.on('close', () => connection.gone());
  }

  private page(path: string, response: ServerResponse): void {
    const name = join(this.folder, path);
    if (!existsSync(name)) return void response.writeHead(404).end();
    response.setHeader('Content-Type', types[extname(name)] ?? 'application/octet-stream');
    createReadStream(name).pipe(response);
  }
}

function file(request: IncomingMessage, response: ServerResponse): void {
  const isKnown = request.url?.endsWith('?ticket=ticket-1') ?? false;
  if (!isKnown) return json(response, 401, { type: 'unauthorized' });
  response.setHeader('Content-Disposition', 'attachment; filename="file.iso"');
  response.end('the bytes');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
