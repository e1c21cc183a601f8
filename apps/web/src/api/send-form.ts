import { currentLanguage } from '../i18n/language.ts';
import { ApiProblem, Unreachable } from './problem.ts';
import { accessToken, renewToken } from './session.ts';

interface Options {
  /** From 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Sends a form as the person who is signed in and tells how much of it has gone, which `fetch` cannot. Fields stand before files in it. Throws
 * ApiProblem or Unreachable; answers the JSON of the reply.
 */
export async function sendForm(path: string, form: FormData, options: Options = {}): Promise<unknown> {
  const bearer = await accessToken();
  try {
    return await send(path, form, bearer, options);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401 || bearer === undefined) throw error;
    return send(path, form, await renewToken(bearer), options);
  }
}

function send(path: string, form: FormData, bearer: string | undefined, { onProgress, signal }: Options) {
  return new Promise<unknown>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('accept-language', currentLanguage());
    if (bearer !== undefined) request.setRequestHeader('authorization', `Bearer ${bearer}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 0 : loaded / total);
    request.onerror = () => reject(new Unreachable(new Error(`POST ${path} broke off`)));
    request.onabort = () => reject(signal?.reason ?? new Error('aborted'));
    request.onload = () => {
      const document = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(document);
      else
        reject(new ApiProblem(request.status, document, Number(request.getResponseHeader('retry-after')) || undefined));
    };
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}

function parse(text: string): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
