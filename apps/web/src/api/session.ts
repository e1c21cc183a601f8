import type { paths } from '@kilas/client/gen/api.ts';
import { currentLanguage } from '../i18n/language.ts';
import { isFinal, refuseUnlessOk, Unreachable } from './problem.ts';

type SignedIn = paths['/v1/auth/sign-in']['post']['responses']['200']['content']['application/json'];
export type Account = SignedIn['account'];

export type SessionState =
  | { readonly status: 'unknown' }
  | { readonly status: 'signed-out'; readonly hasEnded: boolean }
  | { readonly status: 'signed-in'; readonly account: Account };

type Message = { readonly kind: 'token'; readonly signedIn: SignedIn } | { readonly kind: 'signed-out' };

/** The refresh token lies in a cookie that no script can read; this says that there may be one. */
const hintKey = 'kilas.signed-in';
/** Whoever signed this browser in elsewhere, by a link, leads here with it. */
const enteredHash = '#signed-in';
/** After an attempt to find out who is signed in that got no answer, in milliseconds. */
const startAgainMs = 3_000;
/** A token that ends sooner is exchanged before it is used. */
const leastLifeMs = 20_000;

const channel = new BroadcastChannel('kilas.session');
const listeners = new Set<() => void>();
let state: SessionState = { status: 'unknown' };
/** In memory alone: whoever reads the disk or the storage of the page finds no token. */
let token: { readonly value: string; readonly expiresAt: number } | undefined;
let starting: Promise<void> | undefined;

channel.onmessage = ({ data }: MessageEvent<Message>) => {
  if (data.kind === 'token') hold(data.signedIn);
  else drop(true);
};

export function readSession(): SessionState {
  return state;
}

export function watchSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Finds out who is signed in, once; waits for nothing where nobody ever signed in. Throws when no answer came, and tries again by itself.
 */
export function startSession(): Promise<void> {
  starting ??= findSession().catch((error: unknown) => {
    // Nobody knows yet whether there is a session: it is not given up for a network that is away.
    starting = undefined;
    setTimeout(() => void startSession().catch(() => {}), startAgainMs);
    throw error;
  });
  return starting;
}

async function findSession(): Promise<void> {
  if (state.status !== 'unknown') return;
  if (globalThis.location.hash === enteredHash) {
    localStorage.setItem(hintKey, 'yes');
    history.replaceState(history.state, '', globalThis.location.pathname + globalThis.location.search);
  }
  if (localStorage.getItem(hintKey) === null) change({ status: 'signed-out', hasEnded: false });
  else await refresh(undefined);
}

export async function signIn(login: string, password: string): Promise<Account> {
  const signedIn = await post('/v1/auth/sign-in', { login, password, delivery: 'cookie' });
  adopt(signedIn);
  return signedIn.account;
}

/** Ends the session in all tabs. */
export async function signOut(): Promise<void> {
  const held = token?.value;
  await send('/v1/auth/sign-out', undefined, held).then(refuseUnlessOk);
  drop(false);
  channel.postMessage({ kind: 'signed-out' } satisfies Message);
}

/** What the account says of itself by now, as an answer of the API gave it. */
export function updateAccount(account: Account): void {
  if (state.status === 'signed-in') change({ status: 'signed-in', account });
}

/** A token that is still good; undefined for visitors. Throws Unreachable. */
export async function accessToken(): Promise<string | undefined> {
  await startSession();
  if (token === undefined && state.status !== 'signed-in') return undefined;
  if (token !== undefined && token.expiresAt - Date.now() > leastLifeMs) return token.value;
  return refresh(token?.value);
}

/** The API refused a token: another one, or undefined when the session has ended. */
export function renewToken(refused: string): Promise<string | undefined> {
  return refresh(refused);
}

/** One tab refreshes at a time; the others wait, and take what it got. */
async function refresh(old: string | undefined): Promise<string | undefined> {
  return navigator.locks.request('kilas.session', async () => {
    if (token !== undefined && token.value !== old) return token.value;
    // Another request has found out meanwhile that the session has ended: asked again, it would look as if there had been none.
    if (old !== undefined && token === undefined) return undefined;
    const response = await send('/v1/auth/refresh');
    if (isFinal(response.status)) {
      const hadSession = state.status === 'signed-in';
      drop(hadSession);
      if (hadSession) channel.postMessage({ kind: 'signed-out' } satisfies Message);
      return undefined;
    }
    const signedIn = (await (await refuseUnlessOk(response)).json()) as SignedIn;
    adopt(signedIn);
    return signedIn.accessToken;
  });
}

async function post(path: string, body: object): Promise<SignedIn> {
  const response = await refuseUnlessOk(await send(path, body));
  return (await response.json()) as SignedIn;
}

async function send(path: string, body?: object, bearer?: string): Promise<Response> {
  const headers = new Headers({ 'accept-language': currentLanguage() });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
  const init = { method: 'POST', headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return fetch(path, init).catch((error: unknown) => {
    throw new Unreachable(error);
  });
}

function adopt(signedIn: SignedIn): void {
  hold(signedIn);
  channel.postMessage({ kind: 'token', signedIn } satisfies Message);
}

function hold(signedIn: SignedIn): void {
  localStorage.setItem(hintKey, 'yes');
  token = { value: signedIn.accessToken, expiresAt: Date.parse(signedIn.expiresAt) };
  change({ status: 'signed-in', account: signedIn.account });
}

function drop(hasEnded: boolean): void {
  localStorage.removeItem(hintKey);
  token = undefined;
  change({ status: 'signed-out', hasEnded });
}

function change(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}
