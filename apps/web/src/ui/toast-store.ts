export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly onUndo?: () => void;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Long enough to read it and to take it back. */
const lifeMs = 10_000;
const shownMax = 3;

const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let nextId = 1;

/** Says for ten seconds what was done. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = nextId++;
  change([...toasts, { id, ...toast }].slice(-shownMax));
  setTimeout(() => dismissToast(id), lifeMs);
}

export function dismissToast(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

export function readToasts(): readonly Toast[] {
  return toasts;
}

export function watchToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
