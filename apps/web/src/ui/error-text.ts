import { ApiProblem, Unreachable } from '../api/problem.ts';
import { currentLanguage } from '../i18n/language.ts';
import { uiTexts } from './texts.ts';

/** One sentence that says what went wrong. */
export function errorTextOf(error: unknown): string {
  const texts = uiTexts[currentLanguage()];
  if (error instanceof Unreachable) return texts.unreachable;
  if (!(error instanceof ApiProblem) || error.detail === '') return texts.unexpected;
  if (error.retryAfterSeconds === undefined) return error.detail;
  return `${error.detail} ${texts.retryAfter(error.retryAfterSeconds)}`;
}
