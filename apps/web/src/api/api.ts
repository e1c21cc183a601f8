import type { paths } from '@kilas/client/gen/api.ts';
import createClient from 'openapi-fetch';
import { currentLanguage } from '../i18n/language.ts';
import { refuseUnlessOk, Unreachable } from './problem.ts';
import { accessToken, renewToken } from './session.ts';

/** Every route of the installation, typed by its OpenAPI document. Throws ApiProblem or Unreachable. */
export const api = createClient<paths>({ baseUrl: globalThis.location.origin, fetch: fetchAsMe });

type Json<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never;
type Responses<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: infer All;
}
  ? All
  : never;

/** What a route answers when all is well: `Answer<'/v1/me', 'get'>`. */
export type Answer<Path extends keyof paths, Method extends keyof paths[Path] = 'get' & keyof paths[Path]> =
  | Json<Responses<Path, Method>[200 & keyof Responses<Path, Method>]>
  | Json<Responses<Path, Method>[201 & keyof Responses<Path, Method>]>;

/** The body of an answer; the refusals have been thrown. */
export async function answerOf<Data>(answer: Promise<{ data?: Data }>): Promise<Data> {
  return (await answer).data as Data;
}

/** `fetch` as the person who is signed in, in their language. A token that has just ended is renewed once. */
export async function fetchAsMe(input: Request): Promise<Response> {
  const bearer = await accessToken();
  const again = bearer === undefined ? undefined : input.clone();
  const response = await send(input, bearer);
  if (response.status !== 401 || bearer === undefined || again === undefined) return refuseUnlessOk(response);
  const renewed = await renewToken(bearer);
  return renewed === undefined ? refuseUnlessOk(response) : refuseUnlessOk(await send(again, renewed));
}

async function send(request: Request, bearer: string | undefined): Promise<Response> {
  request.headers.set('accept-language', currentLanguage());
  if (bearer !== undefined) request.headers.set('authorization', `Bearer ${bearer}`);
  return fetch(request).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    throw new Unreachable(error);
  });
}
