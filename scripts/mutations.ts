import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { parse } from 'yaml';
import { z } from 'zod';

const text = z.string().min(1);
const entry = z.strictObject({ name: text, file: text, find: text, replace: z.string(), tests: text });

/** A fault that somebody might make: `find`, which stands once in the file, becomes `replace`; one of `tests` has to see it. */
export interface Mutation extends Omit<z.output<typeof entry>, 'tests'> {
  readonly area: string;
  readonly tests: readonly string[];
}

export function readMutations(file = 'scripts/mutations.yaml'): Mutation[] {
  const areas = z.record(z.string(), z.array(entry)).parse(parse(readFileSync(file, 'utf8')));
  return Object.entries(areas).flatMap(([area, entries]) =>
    entries.map((one) => ({ ...one, area, tests: one.tests.split(/\s+/) })),
  );
}

/** The file with the fault in it. Throws for one that does not fit the file any more, or that no program could be. */
export function mutate({ file, find, replace }: Mutation, code: string): string {
  const count = code.split(find).length - 1;
  if (count !== 1) throw new Error(`stands ${count} times in ${file}: ${find}`);
  const mutated = code.replace(find, () => replace);
  if (file.endsWith('.ts')) stripTypeScriptTypes(mutated);
  return mutated;
}
