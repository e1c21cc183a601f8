import { cropAround, within } from '../face-crop.ts';
import type { Photo } from '../photo.ts';

const aspect = 4 / 3;
const part = (value: number) => `${value * 100}%`;

/** The part of a photo where my face may be, with a box around it. */
export function FaceView({ photo, alt }: { photo: Photo; alt: string }) {
  const { match, width, height } = photo;
  const url = photo.previewSmallUrl ?? photo.thumbnailUrl ?? undefined;
  if (match === null || width === null || height === null) {
    return <img src={url} alt={alt} className="aspect-4/3 w-full object-cover" />;
  }
  const crop = cropAround(match.box, width / height, aspect);
  const box = within(match.box, crop);
  return (
    <div className="relative aspect-4/3 w-full overflow-hidden bg-sunken">
      <img
        src={url}
        alt={alt}
        draggable={false}
        className="absolute max-w-none"
        style={{
          width: part(1 / crop.width),
          height: part(1 / crop.height),
          left: part(-crop.left / crop.width),
          top: part(-crop.top / crop.height),
        }}
      />
      <span
        aria-hidden
        className="absolute rounded-sm border-2 border-white shadow-[0_0_0_1.5px_rgb(0_0_0/0.6)]"
        style={{ left: part(box.left), top: part(box.top), width: part(box.width), height: part(box.height) }}
      />
    </div>
  );
}
