import { showToast } from '../ui/toast-store.ts';

/** Copies a text and says so. */
export async function copyText(text: string, said: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  showToast({ text: said });
}
