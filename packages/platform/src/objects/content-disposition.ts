import { cleanLine } from '../values/text.ts';

/** A Content-Disposition header (RFC 6266): shown in the page without a name, else saved under it in whatever script it is. */
export function contentDisposition(downloadName: string | undefined): string {
  if (downloadName === undefined) return 'inline';
  // A name that was stored before it was cleaned might turn its own extension around.
  const name = cleanLine(downloadName.replace(/\p{Cc}/gu, '_')).replace(/[\\/]/g, '_');
  // For clients that do not read the second form; quotes would end it.
  const plain = name.replace(/[^\x20-\x7e]|["%]/g, '_');
  // encodeURIComponent leaves a few characters that RFC 8187 does not allow.
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
