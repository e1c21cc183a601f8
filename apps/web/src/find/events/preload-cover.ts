/** How wide the cover of an event is on its page. */
export const pageCoverSizes = '(min-width: 1600px) 1536px, 100vw';

interface Cover {
  readonly coverUrl: string | null;
  readonly coverSmallUrl: string | null;
}

export function coverSrcSet({ coverUrl, coverSmallUrl }: Cover): string | undefined {
  return coverSmallUrl === null ? undefined : `${coverSmallUrl} 800w, ${coverUrl} 1280w`;
}

/** Has the cover of an event fetched before the code of its page is there. */
export function preloadCover(cover: Cover): void {
  if (cover.coverUrl === null) return;
  const link = document.createElement('link');
  link.rel = 'preload';
  link.as = 'image';
  link.fetchPriority = 'high';
  link.imageSizes = pageCoverSizes;
  link.imageSrcset = coverSrcSet(cover) ?? cover.coverUrl;
  document.head.append(link);
}
