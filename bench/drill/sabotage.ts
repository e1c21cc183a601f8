import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

// Loaded before an upload service (`node --import`), makes it lie: it answers 201 before it has written anything. What it
// was to do it does later, unless it dies before. A drill that does not find this out proves nothing.

/** How much later, in milliseconds. */
const putOffMs = 2_000;

/** The operation that accepts an upload, and the step from which on it writes. */
const file = new URL('../../services/upload/src/uploads/accept-photo.ts', import.meta.url);
const honest = '    const own = await insertIntent(ctx.db, intent);\n';

const lie = `
    if ((await findUploadBySha256(ctx.db, { creatorId, sha256: file.sha256 })) === undefined) {
      const { copyFile, mkdtemp, rm } = await import('node:fs/promises');
      const { tmpdir } = await import('node:os');
      const folder = await mkdtemp(tmpdir() + '/kilas-sabotage-');
      const kept = { ...file, path: folder + '/file' };
      await copyFile(file.path, kept.path);
      setTimeout(async () => {
        try {
          const own = await insertIntent(ctx.db, intent);
          if (own === undefined) return;
          await storeOriginal(ctx, own, kept);
          await completeIntent(ctx, own);
        } catch (error) {
          ctx.log.warn({ err: error }, 'an upload that was promised failed');
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }, ${putOffMs});
      return { photoId: intent.photo_id, isNew: true };
    }
`;

/** Throws when the operation is no longer written as it was when this was: then nothing would be sabotaged. */
export function sabotage(source: string): string {
  if (source.split(honest).length !== 2) throw new Error(`there is nothing to sabotage in ${fileURLToPath(file)}`);
  return source.replace(honest, `${lie}${honest}`);
}

// At once, so that a process with nothing to sabotage does not even start.
const sabotaged = sabotage(readFileSync(file, 'utf8'));

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    return url.split('?')[0] === file.href ? { ...loaded, source: sabotaged } : loaded;
  },
});
