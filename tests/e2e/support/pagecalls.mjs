// What runs inside a page: each function is sent there as text, so it uses nothing from here.

/** How each WebSocket to `urls` begins: 'open', or the code it is closed with. */
export function openSockets({ urls, protocols }) {
  const begin = (url) =>
    new Promise((resolve) => {
      const socket = new WebSocket(url, protocols);
      socket.onopen = () => resolve('open') ?? socket.close();
      socket.onclose = ({ code }) => resolve(code);
    });
  return Promise.all(urls.map(begin));
}

/** What the page learns of each request `{url, options}`: `{status, type, text}` or `{failed}`. */
export async function fetchAll(requests) {
  const learned = [];
  for (const { url, options } of requests)
    try {
      const answer = await fetch(url, options);
      const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
      const text = isStream ? await answer.body.cancel() : await answer.text();
      learned.push({ status: answer.status, type: answer.type, text });
    } catch (error) {
      learned.push({ failed: error.name });
    }
  return learned;
}

/** Sends a form as somebody's click would. `text` is what a body of text/plain begins with. */
export function submitForm({ action, enctype, text }) {
  const form = document.createElement('form');
  Object.assign(form, { method: 'POST', action, enctype });
  const input = document.createElement('input');
  [input.name, input.value] = [`${text.slice(0, -1)},"x":"`, '"}'];
  form.append(input);
  document.body.append(form);
  form.submit();
}

/** Whether an element of `tag` loads `url`: 'load' or 'error'. */
export function loadElement({ tag, url }) {
  return new Promise((resolve) => {
    const element = document.createElement(tag);
    element.onload = () => resolve('load');
    element.onerror = () => resolve('error');
    element.src = url;
    document.body.append(element);
  });
}

/** A frame that may run scripts and has no origin of its own. */
export function addSandboxedFrame() {
  const frame = document.createElement('iframe');
  frame.sandbox = 'allow-scripts';
  frame.srcdoc = '<!doctype html><title>nobody</title>';
  document.body.append(frame);
}
