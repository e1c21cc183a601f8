import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import { updateOwnPhoto } from './photo-store.ts';

export interface PhotoEdit {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly priceIdr?: number | undefined;
  readonly hidden?: boolean | undefined;
}

/** Changes a creator's own photo; anybody else's is not found. Licences that were sold stay good. */
export async function changePhoto(
  ctx: PhotoContext,
  key: { photoId: string; creatorId: string },
  edit: PhotoEdit,
): Promise<void> {
  const change = {
    ...(edit.title === undefined ? {} : { title: edit.title }),
    ...(edit.description === undefined ? {} : { description: edit.description }),
    ...(edit.priceIdr === undefined ? {} : { price_idr: BigInt(edit.priceIdr) }),
    ...(edit.hidden === undefined ? {} : { is_hidden: edit.hidden }),
  };
  if (Object.keys(change).length === 0) refuse('REQUEST_INVALID');
  if (!(await updateOwnPhoto(ctx.db, key, change))) refuse('PHOTO_NOT_FOUND');
}
