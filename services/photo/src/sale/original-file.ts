const fileTypes: Readonly<Record<string, { contentType: string; extension: string }>> = {
  jpeg: { contentType: 'image/jpeg', extension: 'jpg' },
  png: { contentType: 'image/png', extension: 'png' },
  webp: { contentType: 'image/webp', extension: 'webp' },
  avif: { contentType: 'image/avif', extension: 'avif' },
  tiff: { contentType: 'image/tiff', extension: 'tif' },
};

/** What an original is called as a file, and what it is. */
export function originalFileOf(photo: { title: string; format: string }): { fileName: string; contentType: string } {
  const type = fileTypes[photo.format] ?? { contentType: 'application/octet-stream', extension: 'bin' };
  return { fileName: `${fileNameOf(photo.title)}.${type.extension}`, contentType: type.contentType };
}

/** A title as a file name that every system takes. */
function fileNameOf(title: string): string {
  const name = title
    .replace(/[^\p{L}\p{M}\p{N} ._-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  return name === '' ? 'photo' : name;
}
