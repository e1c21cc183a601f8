import { useSyncExternalStore } from 'react';
import { currentLanguage, type Language, watchLanguage } from './language.ts';

/** A text, or one that takes figures and names. */
type Text = string | ((...values: never[]) => string);
export type Texts = { readonly [name: string]: Text | Texts };

/** The same texts in the other language: the same names, and the same values where a text takes some. */
type Same<Given> = { readonly [Name in keyof Given]: Given[Name] extends string ? string : SameOf<Given[Name]> };
type SameOf<Given> = Given extends (...values: infer Values) => string ? (...values: Values) => string : Same<Given>;

export type Messages<Given> = Readonly<Record<Language, Given>>;

/** The texts of a page in each language; TypeScript refuses a language that lacks one. */
export function messages<Given extends Texts>(texts: {
  readonly en: Given;
  readonly id: Same<Given>;
}): Messages<Same<Given>> {
  // English has the shape that it gives to the others.
  return texts as unknown as Messages<Same<Given>>;
}

export function useLanguage(): Language {
  return useSyncExternalStore(watchLanguage, currentLanguage);
}

/** The texts of a page in the language of now. */
export function useTexts<Given>(texts: Messages<Given>): Given {
  return texts[useLanguage()];
}

/** `plural(2, 'photo', 'photos')` is "2 photos". Indonesian has one form. */
export function plural(count: number, one: string, many: string): string {
  return `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? one : many}`;
}
