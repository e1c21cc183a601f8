import type { Reason } from '@kilas/messages/problems.ts';
import type { Selectable } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';

export type Facecam = Selectable<UploadSchema['facecams']>;
export type FacecamState = Facecam['state'];

/** What ai found a selfie to be when it made its template, 0 to 1 each. */
export interface SelfieCheck {
  readonly quality: number | null;
  readonly realScore: number | null;
  readonly liveScore: number | null;
}

export const facecamsPerMemberMax = 5;
export const changesWindowDays = 30;

const rejections: Readonly<Record<string, Reason>> = {
  no_face: 'FACECAM_NO_FACE',
  many_faces: 'FACECAM_MANY_FACES',
  cut_off: 'FACECAM_CUT_OFF',
  too_small: 'FACECAM_TOO_SMALL',
  too_blurry: 'FACECAM_TOO_BLURRY',
  too_dark: 'FACECAM_TOO_DARK',
  too_bright: 'FACECAM_TOO_BRIGHT',
  not_frontal: 'FACECAM_NOT_FRONTAL',
  not_clear: 'FACECAM_NOT_CLEAR',
  not_live: 'FACECAM_NOT_LIVE',
  not_the_same_person: 'FACECAM_NOT_THE_SAME_PERSON',
  from_a_photo: 'FACECAM_FROM_A_PHOTO',
  challenge_unclear: 'FACECAM_CHALLENGE_UNCLEAR',
  challenge_other_person: 'FACECAM_CHALLENGE_OTHER_PERSON',
  challenge_repeated: 'FACECAM_CHALLENGE_REPEATED',
  challenge_not_followed: 'FACECAM_CHALLENGE_NOT_FOLLOWED',
};

/** What to tell a person when ai rejects their selfie. */
export function rejectionReason(rejection: string): Reason {
  return rejections[rejection] ?? 'FACECAM_REJECTED';
}
