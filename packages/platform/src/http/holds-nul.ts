/**
 * Whether a text anywhere in a parsed request holds the character NUL: PostgreSQL keeps no such text, and nobody types one.
 * Without recursion, since clients choose how deep a body is nested.
 */
export function holdsNul(value: unknown): boolean {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string' && next.includes('\0')) return true;
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next)) continue;
    for (const inner of Object.values(next)) waiting.push(inner);
  }
  return false;
}
