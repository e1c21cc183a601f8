export const languages = ['en', 'id'] as const;
export type Language = (typeof languages)[number];

const storageKey = 'kilas.language';
const listeners = new Set<() => void>();
let language: Language = chosen() ?? ofBrowser();

/** The language of the page: chosen here, else the first of the browser's that there is. */
export function currentLanguage(): Language {
  return language;
}

export function setLanguage(next: Language): void {
  localStorage.setItem(storageKey, next);
  language = next;
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

export function watchLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Undefined when nobody chose in this browser. */
export function chosen(): Language | undefined {
  const stored = localStorage.getItem(storageKey);
  return languages.find((known) => known === stored);
}

function ofBrowser(): Language {
  for (const tag of navigator.languages) {
    const known = languages.find((each) => tag.toLowerCase().split('-')[0] === each);
    if (known !== undefined) return known;
  }
  return 'en';
}
