/** What a person sent or was given that belongs in no log; what is not a text of some length is found everywhere. */
const secretKeys = /^(email|login|username|password|displayName|name|title|fileName|\w*token|\w*url|text|subject|to)$/i;
const lengthMin = 6;

export interface Secrets {
  heard(): readonly string[];
  stop(): void;
}

/**
 * Listens to every request and reply of this process from now on, and keeps what is secret or personal in them: as a text of
 * JSON, or the name of a file in a form.
 */
export function listenForSecrets(): Secrets {
  const send = globalThis.fetch;
  const heard = new Set<string>();
  const keep = (value: unknown) => {
    if (typeof value === 'string' && value.length >= lengthMin) heard.add(value);
  };
  const search = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (secretKeys.test(key)) keep(inner);
      search(inner);
    }
  };
  const searchText = (text: string) => {
    if (text.startsWith('{')) search(JSON.parse(text));
  };
  globalThis.fetch = async (input, init) => {
    if (typeof init?.body === 'string') searchText(init.body);
    if (init?.body instanceof FormData) {
      for (const part of init.body.values()) if (part instanceof File) keep(part.name);
    }
    const response = await send(input, init);
    if (response.headers.get('content-type')?.includes('json')) searchText(await response.clone().text());
    return response;
  };
  return {
    heard: () => [...heard],
    stop: () => {
      globalThis.fetch = send;
    },
  };
}
