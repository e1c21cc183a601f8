import { join } from 'node:path';
import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript';

/** What an installation says of its routes, at `/openapi.json`. */
export const DOCUMENT = join(import.meta.dirname, 'gen/openapi.json');
/** What `typesOf` makes of it. */
export const TYPES = join(import.meta.dirname, 'gen/api.ts');

/** The types of an OpenAPI document, in TypeScript. A file in a form is a Blob. */
export async function typesOf(document: string): Promise<string> {
  const blob = ts.factory.createTypeReferenceNode('Blob');
  const nodes = await openapiTypes(document, {
    transform: ({ format }) => (format === 'binary' ? blob : undefined),
  });
  return `// Made of openapi.json by \`npm run gen\`. Do not edit.\n${astToString(nodes)}`;
}
