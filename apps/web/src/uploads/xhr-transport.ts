import { NoAnswer, type Transport } from './transport.ts';

/** Nothing left and nothing came for so long: the connection is dead, as after a sleep of the machine. */
const stallMs = 120_000;

/** `fetch` cannot tell how much of a body has left. */
export const xhrTransport: Transport = ({ method, path, headers, body, onSent, signal }) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    request.open(method, path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    let timer = setTimeout(stalled, stallMs);
    function stalled() {
      request.abort();
    }
    request.upload.onprogress = ({ loaded }) => {
      clearTimeout(timer);
      timer = setTimeout(stalled, stallMs);
      onSent?.(loaded);
    };
    const abort = () => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (signal.aborted) return reject(signal.reason);
      if (request.status === 0) return reject(new NoAnswer());
      const { status, responseText } = request;
      resolve({ status, header: (name) => request.getResponseHeader(name), text: responseText });
    };
    request.send(body ?? null);
  });
