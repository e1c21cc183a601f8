import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DOCUMENT, TYPES, typesOf } from './types-of.ts';

test('the types are those of the document', async () => {
  const document = await readFile(DOCUMENT, 'utf8');
  expect(await readFile(TYPES, 'utf8'), 'run: npm run gen').toBe(await typesOf(document));
});

test('a route that is added to the document is in the types', async () => {
  const document = JSON.parse(await readFile(DOCUMENT, 'utf8'));
  const types = await typesOf(JSON.stringify({ ...document, paths: { '/v1/new': document.paths['/v1/me'] } }));
  expect(types).toContain('"/v1/new"');
});
