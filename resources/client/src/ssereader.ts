/** One event of a `text/event-stream`. */
export interface StreamEvent {
  id: string;
  type: string;
  data: string;
}

/** Cuts a `text/event-stream` into events (WHATWG HTML, "Server-sent events", interpreting an event stream). */
export class SseReader {
  private rest = '';
  private lastId = '';
  private type = '';
  private data: string[] = [];

  /** Events that `text` completed. A comment line completes none, but is a sign of life. */
  push(text: string): StreamEvent[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    return lines.map((line) => this.take(line)).filter((event) => event !== undefined);
  }

  private take(line: string): StreamEvent | undefined {
    if (line === '') return this.finish();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') this.lastId = value;
    else if (field === 'event') this.type = value;
    else if (field === 'data') this.data.push(value);
    return undefined;
  }

  private finish(): StreamEvent | undefined {
    const event = { id: this.lastId, type: this.type || 'message', data: this.data.join('\n') };
    const isEmpty = this.data.length === 0;
    this.type = '';
    this.data = [];
    return isEmpty ? undefined : event;
  }
}
