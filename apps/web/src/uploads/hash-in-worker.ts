import type { FileHashes } from './hash-file.ts';

interface Answer {
  readonly id: number;
  readonly hashes?: FileHashes;
  readonly failure?: string;
}

/** Hashes files beside the page, which stays free to draw. */
export function openHasher(): (file: Blob) => Promise<FileHashes> {
  const worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, { resolve: (hashes: FileHashes) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  worker.onmessage = ({ data: { id, hashes, failure } }: MessageEvent<Answer>) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (hashes === undefined) asked?.reject(new Error(failure));
    else asked?.resolve(hashes);
  };
  return (file) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, file });
    });
}
