import { readFile } from 'node:fs/promises';
import { UserError } from '@kilas/cli/user-error.ts';
import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { InferenceError } from '@kilas/face-engine/inference-error.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Trial } from './open-trial.ts';

/** What the analyser that serves sees in a file. Throws a UserError that names what is no image. */
export async function lookAt({ ctx }: Trial, file: string, stop: AbortSignal): Promise<ImageAnalysis> {
  const bytes = await readFile(file);
  return ctx.analyser
    .run({ line: 'photos', whose: '', thing: `photo/${newId()}`, signal: stop }, (look) => look(bytes))
    .catch((error: unknown) => {
      if (!(error instanceof InferenceError && error.reason.startsWith('image_'))) throw error;
      throw new UserError(`${file} is no image that can be looked at: ${error.message}.`);
    });
}
