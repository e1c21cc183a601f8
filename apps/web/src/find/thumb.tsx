import { ImageOff } from 'lucide-react';

/** A small square of a photo in a line of a list; decoration beside its words. */
export function Thumb({ url, isFaded = false }: { url: string | null | undefined; isFaded?: boolean }) {
  return (
    <span className="flex size-18 shrink-0 items-center justify-center overflow-hidden rounded-sm bg-sunken text-muted">
      {url == null ? (
        <ImageOff size={20} strokeWidth={1.5} aria-hidden />
      ) : (
        <img
          src={url}
          alt=""
          loading="lazy"
          decoding="async"
          className={`size-full object-cover ${isFaded ? 'opacity-40 grayscale' : ''}`}
        />
      )}
    </span>
  );
}
