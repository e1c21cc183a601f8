/** Those of the country come first. */
const near = ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'];

/** All time zones that the browser knows, and the one that is set. */
export function listZones(current: string): string[] {
  return [...new Set([...near, ...Intl.supportedValuesOf('timeZone'), current])];
}
