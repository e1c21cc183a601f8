import { Heart, ScanFace, Star } from 'lucide-react';
import { useAccount } from '../../../api/use-session.ts';
import { viewerButtonClass } from '../../../gallery/photo-viewer.tsx';
import { useTexts } from '../../../i18n/messages.ts';
import { classNames } from '../../../ui/class-names.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { dropPhoto, isKept, keepPhoto } from '../../keep-photo.ts';
import type { Photo } from '../../photo.ts';
import { photoTexts } from '../../photo-texts.ts';
import { useKeys } from '../../use-keys.ts';
import { photoPageTexts } from './texts.ts';

const lists = [
  { kind: 'favourites', icon: Heart },
  { kind: 'wishlist', icon: Star },
] as const;

interface Props {
  photo: Photo;
  share: string | undefined;
  hasBox: boolean;
  /** Undefined where the box is always there. */
  onBox: ((hasBox: boolean) => void) | undefined;
}

/** What one can do with a photo beside buying it. */
export function PhotoTools({ photo, share, hasBox, onBox }: Props) {
  const texts = useTexts(photoPageTexts);
  const names = useTexts(photoTexts);
  const isMember = useAccount() !== undefined;
  const canFrame = photo.match !== null && onBox !== undefined;
  useKeys({
    b: () => {
      if (canFrame) onBox(!hasBox);
    },
  });
  return (
    <>
      {canFrame && (
        <IconButton
          icon={ScanFace}
          label={hasBox ? texts.hideFace : texts.showFace}
          isPressed={hasBox}
          aria-keyshortcuts="b"
          className={classNames(viewerButtonClass, hasBox && 'bg-white/30!')}
          onClick={() => onBox(!hasBox)}
        />
      )}
      {isMember &&
        lists.map(({ kind, icon }) => (
          <IconButton
            key={kind}
            icon={icon}
            className={viewerButtonClass}
            label={isKept(photo, kind) ? names.remove[kind] : names.add[kind]}
            isPressed={isKept(photo, kind)}
            onClick={() => void (isKept(photo, kind) ? dropPhoto(kind, photo, share) : keepPhoto(kind, photo, share))}
          />
        ))}
    </>
  );
}
