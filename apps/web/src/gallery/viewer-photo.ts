export interface ViewerPhoto {
  readonly photoId: string;
  /** Width by height. */
  readonly ratio: number;
  readonly thumbhash: string | null;
  /** At most 1,280 pixels; null while it is not known. */
  readonly previewUrl: string | null;
  /** At most 800 pixels. */
  readonly previewSmallUrl: string | null;
  readonly alt: string;
}

/** In parts of the photo's width and height. */
export interface PhotoBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
