import { sendForm } from '../../../api/send-form.ts';

export interface Proof {
  readonly challengeId: string;
  /** As many for each step, in the order of the steps. */
  readonly frames: readonly Blob[];
}

export interface NewSelfie {
  readonly selfie: Blob;
  readonly proof?: Proof;
}

/** Sends a selfie; the server judges it. Throws ApiProblem with what to do when it will not do. */
export async function enrolSelfie({ selfie, proof }: NewSelfie, onProgress: (share: number) => void): Promise<void> {
  const form = new FormData();
  if (proof !== undefined) form.append('challengeId', proof.challengeId);
  form.append('selfie', selfie, 'selfie.jpg');
  proof?.frames.forEach((frame, at) => {
    form.append('frames', frame, `frame-${at}.jpg`);
  });
  await sendForm('/v1/facecams', form, { onProgress });
}
