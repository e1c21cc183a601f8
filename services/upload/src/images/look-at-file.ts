import { refuse } from '@kilas/messages/refuse.ts';
import { HeldElsewhere, Quarantined } from '@kilas/platform/risky-work/risky-work.ts';
import type { UploadContext } from '../context.ts';
import type { SpooledFile } from '../spool/spool.ts';

/** Nobody but the client waits: what ends the process ends the request too, and it comes again. */
const never = new AbortController().signal;

/**
 * Runs what hands a received file to native code when its account's turn comes, so that a file on which it dies is refused when it has come a few times. Refuses with
 * IMAGE_QUARANTINED, and with SERVICE_UNAVAILABLE while another process is at the same bytes.
 */
export async function lookAtFile<Result>(
  { risky, decodes }: Pick<UploadContext, 'risky' | 'decodes'>,
  { file, accountId }: { file: SpooledFile; accountId: string },
  look: () => Promise<Result>,
): Promise<Result> {
  try {
    return await risky.run(`file/${file.sha256}`, never, look, (go) => decodes.run(accountId, go));
  } catch (error) {
    if (error instanceof Quarantined) refuse('IMAGE_QUARANTINED');
    if (error instanceof HeldElsewhere)
      refuse('SERVICE_UNAVAILABLE', { retryAfterSeconds: String(error.retryAfterSeconds) });
    throw error;
  }
}
