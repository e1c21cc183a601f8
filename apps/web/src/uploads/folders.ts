import type { UploadsDatabase } from './idb-queue-store.ts';

/** Parents that are kept open: files come folder by folder. */
const keptOpen = 16;

/** Folders that the person gave, which browsers that can let be opened again after the page was away. */
export class Folders {
  readonly #database: UploadsDatabase;
  readonly #roots = new Map<number, FileSystemDirectoryHandle>();
  readonly #parents = new Map<string, FileSystemDirectoryHandle>();

  constructor(database: UploadsDatabase) {
    this.#database = database;
  }

  async keep(root: FileSystemDirectoryHandle): Promise<number> {
    for (const [rootId, known] of await this.#all()) if (await known.isSameEntry(root)) return rootId;
    const rootId = await this.#database.add('roots', root);
    this.#roots.set(rootId, root);
    return rootId;
  }

  /** Undefined when the person has to allow it again, or when the file is gone. */
  async open(rootId: number, path: string): Promise<File | undefined> {
    try {
      const root = this.#roots.get(rootId) ?? (await this.#database.get('roots', rootId));
      if (root === undefined) return undefined;
      this.#roots.set(rootId, root);
      if ((await root.queryPermission({ mode: 'read' })) !== 'granted') return undefined;
      const folder = await this.#parentOf(rootId, root, path);
      return await (await folder.getFileHandle(path.slice(path.lastIndexOf('/') + 1))).getFile();
    } catch (error) {
      if (error instanceof DOMException) return undefined;
      throw error;
    }
  }

  /** Asks the person, for each folder that is not open; needs a click. Returns those that are open now. */
  async allow(): Promise<readonly number[]> {
    const open: number[] = [];
    for (const [rootId, root] of await this.#all()) {
      if ((await root.requestPermission({ mode: 'read' })) === 'granted') open.push(rootId);
    }
    return open;
  }

  async #all(): Promise<readonly (readonly [number, FileSystemDirectoryHandle])[]> {
    const [ids, handles] = await Promise.all([this.#database.getAllKeys('roots'), this.#database.getAll('roots')]);
    return ids.flatMap((id, index) => {
      const handle = handles[index];
      return handle === undefined ? [] : [[id, handle] as const];
    });
  }

  async #parentOf(rootId: number, root: FileSystemDirectoryHandle, path: string): Promise<FileSystemDirectoryHandle> {
    const key = `${rootId}/${path.slice(0, path.lastIndexOf('/'))}`;
    const known = this.#parents.get(key);
    if (known !== undefined) return known;
    let folder = root;
    // The first name is that of the root itself.
    for (const name of path.split('/').slice(1, -1)) folder = await folder.getDirectoryHandle(name);
    for (const old of this.#parents.keys()) {
      if (this.#parents.size < keptOpen) break;
      this.#parents.delete(old);
    }
    this.#parents.set(key, folder);
    return folder;
  }
}
