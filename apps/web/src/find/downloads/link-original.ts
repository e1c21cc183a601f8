import { answerOf, api } from '../../api/api.ts';

/** A link of minutes to the original of a photo that I bought. */
export function linkOriginal(photoId: string) {
  return answerOf(api.GET('/v1/purchases/{photoId}/download', { params: { path: { photoId } } }));
}
