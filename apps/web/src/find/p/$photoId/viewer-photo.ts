import type { ViewerPhoto } from '../../../gallery/viewer-photo.ts';
import type { Photo } from '../../photo.ts';
import { ratioOf } from '../../photos-grid.tsx';

/** A photo as the viewer takes it. */
export function viewerPhotoOf(photo: Photo, unnamed: string): ViewerPhoto {
  const { photoId, thumbhash, previewUrl, previewSmallUrl, title, event } = photo;
  const alt = [title === '' ? unnamed : title, event?.name].filter(Boolean).join(', ');
  return { photoId, ratio: ratioOf(photo), thumbhash, previewUrl, previewSmallUrl, alt };
}
