// What every page knows of uploads without loading them: whose wait in this browser.
const key = 'kilas.uploads';
const listeners = new Set<() => void>();

/** The account whose files are not all sent. */
export function readUploadsMark(): string | null {
  return localStorage.getItem(key);
}

export function markUploads(accountId: string | null): void {
  if (readUploadsMark() === accountId) return;
  if (accountId === null) localStorage.removeItem(key);
  else localStorage.setItem(key, accountId);
  for (const listener of listeners) listener();
}

export function watchUploadsMark(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
