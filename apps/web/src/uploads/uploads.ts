import { accessToken, readSession, renewToken, watchSession } from '../api/session.ts';
import { currentLanguage } from '../i18n/language.ts';
import type { Found } from './find-files.ts';
import { Folders } from './folders.ts';
import { openHasher } from './hash-in-worker.ts';
import { idbQueueStore, openUploadsDatabase } from './idb-queue-store.ts';
import type { Batch } from './item.ts';
import { markUploads } from './mark.ts';
import { openCount } from './tally.ts';
import { openTus } from './tus.ts';
import { type Added, Uploader } from './uploader.ts';
import { xhrTransport } from './xhr-transport.ts';

/** Browsers give a page six connections over HTTP/1.1; the page needs one itself. */
const parallelMax = 5;

export interface Uploads {
  readonly accountId: string;
  readonly uploader: Uploader;
  readonly folders: Folders;
  readonly closed: AbortSignal;
  readonly close: () => Promise<void>;
}

let opened: { readonly accountId: string; readonly uploads: Promise<Uploads> } | undefined;

/** The uploads of the account in this tab, for as long as the page lives: whoever leaves the upload page lets them run. */
export function openUploads(accountId: string): Promise<Uploads> {
  if (opened?.accountId === accountId) return opened.uploads;
  const before = opened?.uploads;
  opened = { accountId, uploads: open(accountId, before) };
  return opened.uploads;
}

/** Sends here instead of in the other tab. */
export function takeOver(uploads: Uploads): void {
  void holdTurn(uploads, { steal: true });
}

async function open(accountId: string, before: Promise<Uploads> | undefined): Promise<Uploads> {
  await (await before)?.close();
  const database = await openUploadsDatabase(accountId);
  const folders = new Folders(database);
  const uploader = new Uploader({
    tus: openTus(xhrTransport, { token: () => tokenOf(accountId), renew: renewToken, language: currentLanguage }),
    store: idbQueueStore(database),
    hash: openHasher(),
    openThrough: (rootId, path) => folders.open(rootId, path),
    isOnline: () => navigator.onLine,
    parallelMax,
  });
  const closing = new AbortController();
  const { signal } = closing;
  const close = async () => {
    closing.abort();
    await uploader.halt();
    database.close();
  };
  addEventListener('online', () => uploader.wake(), { signal });
  addEventListener(
    'beforeunload',
    (event) => {
      // Files without a folder have to be chosen again.
      if (uploader.mode === 'running' && uploader.holdsFiles) event.preventDefault();
    },
    { signal },
  );
  const unwatch = watchSession(() => {
    const session = readSession();
    if (uploader.mode === 'signedOut' && session.status === 'signed-in' && session.account.accountId === accountId) {
      uploader.resume();
    }
  });
  signal.addEventListener('abort', unwatch);
  uploader.queue.watch(() => {
    if (uploader.mode !== 'halted') markUploads(openCount(uploader.queue.progress.counts) > 0 ? accountId : null);
  });
  const uploads = { accountId, uploader, folders, closed: signal, close };
  await holdTurn(uploads, { ifAvailable: true });
  return uploads;
}

/** One tab sends. Resolves when it is this one, or when it is another: then this one waits for its turn. */
function holdTurn(uploads: Uploads, how: { ifAvailable?: true; steal?: true }): Promise<void> {
  const { accountId, uploader, closed } = uploads;
  return new Promise((resolve) => {
    const wait = () => {
      resolve();
      if (!closed.aborted) void holdTurn(uploads, {});
    };
    const run = async (lock: Lock | null) => {
      if (lock === null) return wait();
      await uploader.start();
      resolve();
      await new Promise((end) => closed.addEventListener('abort', end));
    };
    navigator.locks.request(`kilas.uploads ${accountId}`, how, run).catch(async () => {
      // Another tab took over.
      await uploader.halt();
      wait();
    });
  });
}

/** Adds what was found, slice by slice, and tells how far it is. */
export async function addFound(
  { uploader }: Uploads,
  batch: Batch,
  found: AsyncGenerator<Found>,
  onSlice: (sum: Added & Pick<Found, 'leftOut'>) => void,
): Promise<void> {
  const sum = { added: 0, known: 0, again: 0 };
  for await (const { files, leftOut } of found) {
    const { added, known, again } = await uploader.add(batch, files);
    sum.added += added;
    sum.known += known;
    sum.again += again;
    onSlice({ ...sum, leftOut });
  }
}

/** Undefined when somebody else has signed in meanwhile: files are sent by whose they are. */
async function tokenOf(accountId: string): Promise<string | undefined> {
  const token = await accessToken();
  const session = readSession();
  return session.status === 'signed-in' && session.account.accountId === accountId ? token : undefined;
}
