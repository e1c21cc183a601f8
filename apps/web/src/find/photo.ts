import type { Answer } from '../api/api.ts';

/** A photo as the API shows it to its viewer. */
export type Photo = Answer<'/v1/photos/{photoId}'>;
export type PhotoAnswer = NonNullable<Photo['match']>['answer'];

export const listKinds = ['cart', 'wishlist', 'favourites'] as const;
/** A list that a member keeps. */
export type ListKind = (typeof listKinds)[number];
