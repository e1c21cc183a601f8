import { expect, test } from 'vitest';
import { consentText } from './consent.ts';
import { mails } from './mails.ts';
import { problems } from './problems.ts';
import { verifyPages } from './verify-pages.ts';

test('no sentence that a person reads names a route of the API or a page that not every installation serves', () => {
  const texts = Object.values(problems).flatMap(({ en, id }) => [en, id]);
  const all = [...texts, JSON.stringify(mails), JSON.stringify(verifyPages), ...Object.values(consentText)];
  for (const text of all) expect(text).not.toMatch(/\/v1\b|\/docs\b|\b(GET|POST|PUT|PATCH|DELETE)\b/);
});

test('every problem is told in two languages, with the same names to be filled in', () => {
  const namesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const { en, id } of Object.values(problems)) {
    expect(en).not.toBe('');
    expect(id).not.toBe(en);
    expect(namesOf(id)).toEqual(namesOf(en));
  }
});
