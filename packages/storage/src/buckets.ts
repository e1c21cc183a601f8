/** Places apart from each other: paid-quality pixels, what may be shown, faces. All are private. */
export const buckets = ['originals', 'previews', 'selfies'] as const;
export type Bucket = (typeof buckets)[number];
