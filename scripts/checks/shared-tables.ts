/** A statement that writes a table, in the words of Kysely or in SQL. */
const WRITE =
  /[.](?:insertInto|updateTable|deleteFrom|mergeInto)\(\s*'(\w+)|\b(?:insert|merge)\s+into\s+(\w+)|\bdelete\s+from\s+(\w+)|\bupdate\s+(?:only\s+)?(\w+)(?:\s+(?:as\s+)?\w+)?\s+set\b/gi;

/**
 * The tables that more than one part writes, each as the list of its writers. `partOf` says to which part a file belongs, and
 * `ownerOf` whose tables the file speaks of: two services may each have a table of one name.
 */
export function findSharedTables(
  files: readonly { readonly file: string; readonly text: string }[],
  partOf: (file: string) => string | undefined,
  ownerOf: (file: string) => string | undefined,
): string[][] {
  const writers = new Map<string, Set<string>>();
  for (const { file, text } of files) {
    const part = partOf(file);
    if (part === undefined) continue;
    for (const [, ...names] of text.matchAll(WRITE)) {
      const table = names.find((name) => name !== undefined);
      const key = `${ownerOf(file)} ${table}`;
      writers.set(key, (writers.get(key) ?? new Set()).add(`${part} writes ${table}`));
    }
  }
  return [...writers.values()].map((some) => [...some].sort()).filter(({ length }) => length > 1);
}
