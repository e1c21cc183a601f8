import type { FoundFile } from './item.ts';

/** Files told at once. */
const sliceLength = 200;
/** After so much work the page may draw and answer: to ask for the size of a file may take a tenth of a millisecond. */
const taskMs = 12;
/** Files whose size is asked for at once. */
const askedAtOnce = 16;

/** Pictures, and what the server says more about than that it is no picture. */
const pictures = /\.(jpe?g|jpe|jfif|png|webp|avif|tiff?)$/i;

export interface Found {
  readonly files: readonly FoundFile[];
  /** Files that are no pictures which can be sold: so many, by their kind. */
  readonly leftOut: ReadonlyMap<string, number>;
}

type Keep = (root: FileSystemDirectoryHandle) => Promise<number>;
type Lister = AsyncGenerator<{ path: string; open: () => Promise<File>; rootId: number | null; isReopenable: boolean }>;

/**
 * What was dropped. Call it within the event: the browser takes the items away afterwards. Folders are walked through while the slices are asked
 * for, so a folder of tens of thousands begins at once.
 */
export function filesOfDrop(transfer: DataTransfer, keep: Keep): AsyncGenerator<Found> {
  const dropped = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({
      handle: item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null),
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
    }));
  return inSlices(
    (async function* (): Lister {
      for (const { handle: asked, entry, file } of dropped) {
        const handle = await asked;
        if (handle?.kind === 'directory') yield* walkHandle(handle as FileSystemDirectoryHandle, keep);
        else if (entry?.isDirectory) yield* walkEntry(entry as FileSystemDirectoryEntry, entry.name);
        else if (file !== null) yield { path: file.name, open: async () => file, rootId: null, isReopenable: false };
      }
    })(),
  );
}

/** What was chosen with `<input type="file">`. */
export function filesOfInput(list: FileList): AsyncGenerator<Found> {
  return inSlices(
    (async function* (): Lister {
      for (const file of list) {
        const path = file.webkitRelativePath || file.name;
        yield { path, open: async () => file, rootId: null, isReopenable: false };
      }
    })(),
  );
}

export function filesOfFolder(root: FileSystemDirectoryHandle, keep: Keep): AsyncGenerator<Found> {
  return inSlices(walkHandle(root, keep));
}

async function* walkHandle(root: FileSystemDirectoryHandle, keep: Keep): Lister {
  const rootId = await keep(root);
  const folders = [{ handle: root, path: root.name }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const [name, handle] of folder.handle.entries()) {
      const path = `${folder.path}/${name}`;
      if (handle.kind === 'directory') folders.push({ handle, path });
      else yield { path, open: () => handle.getFile(), rootId, isReopenable: true };
    }
  }
}

async function* walkEntry(root: FileSystemDirectoryEntry, rootPath: string): Lister {
  const folders = [{ entry: root, path: rootPath }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const reader = folder.entry.createReader();
    for (;;) {
      const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (entries.length === 0) break;
      for (const entry of entries) {
        const path = `${folder.path}/${entry.name}`;
        if (entry.isDirectory) folders.push({ entry: entry as FileSystemDirectoryEntry, path });
        else {
          const open = () =>
            new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
          yield { path, open, rootId: null, isReopenable: false };
        }
      }
    }
  }
}

async function* inSlices(lister: Lister): AsyncGenerator<Found> {
  let files: FoundFile[] = [];
  let asked: Promise<FoundFile | undefined>[] = [];
  const leftOut = new Map<string, number>();
  const gather = async () => {
    files.push(...(await Promise.all(asked)).filter((file) => file !== undefined));
    asked = [];
  };
  let since = performance.now();
  for await (const { path, open, rootId, isReopenable } of lister) {
    if (performance.now() - since > taskMs) {
      await nextTask();
      since = performance.now();
    }
    if (!pictures.test(path)) {
      const kind = kindOf(path);
      if (kind !== undefined) leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1);
      continue;
    }
    asked.push(
      open().then(
        (file) => ({
          path,
          rootId,
          sizeBytes: file.size,
          modifiedAt: file.lastModified,
          file: isReopenable ? null : file,
        }),
        () => undefined,
      ),
    );
    if (asked.length >= askedAtOnce) await gather();
    if (files.length < sliceLength) continue;
    yield { files, leftOut };
    files = [];
  }
  await gather();
  yield { files, leftOut };
}

/** Undefined for what systems leave in folders by themselves. */
function kindOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith('.') || /^(thumbs\.db|desktop\.ini)$/i.test(name)) return undefined;
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(dot).toUpperCase();
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
