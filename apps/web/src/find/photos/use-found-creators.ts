import { useRef } from 'react';
import type { PhotoFilters } from './filters.ts';
import { useMyPhotos } from './use-my-photos.ts';

/** Who took the photos of mine that were shown so far, by id. */
export function useFoundCreators(filters: PhotoFilters): ReadonlyMap<string, string> {
  const known = useRef(new Map<string, string>());
  for (const page of useMyPhotos(filters).data?.pages ?? []) {
    for (const { creator } of page.items) {
      if (creator.displayName !== null) known.current.set(creator.creatorId, creator.displayName);
    }
  }
  return known.current;
}
