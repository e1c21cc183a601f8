import type { Links } from './columns.ts';

/** Photos that are loaded and decoded at a time. Phones close tabs that decode hundreds. */
const parallelMax = 6;
const linksAtATime = 200;
/** Links of photos that were seen are kept for the way back. */
const linksKept = 2_000;
const attemptsMax = 2;

type LoadLinks = (
  photoIds: readonly string[],
  signal: AbortSignal,
  /** The links of now did not work. */
  isAgain: boolean,
) => Promise<ReadonlyMap<string, Links>>;

interface Wish {
  readonly photoId: string;
  readonly index: number;
  readonly image: Pick<HTMLImageElement, 'src' | 'complete' | 'decode' | 'removeAttribute'>;
  readonly isLarge: boolean;
  readonly done: (isShown: boolean) => void;
  attempts: number;
  isLoading: boolean;
}

/** Gives tiles their images: those on the screen first, few at a time, each once more if it fails, none that was scrolled past. */
export class ImageLoader {
  private readonly loadLinks: LoadLinks;
  private readonly links = new Map<string, Links>();
  private readonly wishes = new Set<Wish>();
  /** The photos whose links are under way and are still wanted. */
  private asking: { controller: AbortController; photoIds: Set<string> } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private loadingCount = 0;
  private centre = 0;
  private isHeld = false;

  constructor(loadLinks: LoadLinks) {
    this.loadLinks = loadLinks;
  }

  know(photoId: string, links: Links): void {
    this.links.delete(photoId);
    this.links.set(photoId, links);
    for (const oldest of this.links.keys()) {
      if (this.links.size <= linksKept) break;
      this.links.delete(oldest);
    }
  }

  /** Asks for the image of a photo. Returns how to take that back; the request is cancelled then. */
  show(wish: Omit<Wish, 'attempts' | 'isLoading'>): () => void {
    const kept: Wish = { ...wish, attempts: 0, isLoading: false };
    this.wishes.add(kept);
    this.soon();
    return () => this.drop(kept);
  }

  /** The nearest to this photo come first; `isHeld` while photos rush by. */
  look(centre: number, isHeld: boolean): void {
    this.centre = centre;
    this.isHeld = isHeld;
    if (!isHeld && this.wishes.size > 0) this.soon();
  }

  close(): void {
    clearTimeout(this.timer);
    this.asking?.controller.abort();
    for (const wish of this.wishes) this.drop(wish);
  }

  private drop(wish: Wish): void {
    if (!this.wishes.delete(wish)) return;
    if (wish.isLoading) this.release(wish);
    // Only an image without an address stops its request.
    if (!wish.image.complete) wish.image.removeAttribute('src');
    this.asking?.photoIds.delete(wish.photoId);
    if (this.asking?.photoIds.size !== 0) return;
    this.asking.controller.abort();
    this.asking = undefined;
  }

  private release(wish: Wish): void {
    wish.isLoading = false;
    this.loadingCount -= 1;
    this.soon();
  }

  /** Tiles come and go by the row, so a moment gathers them. */
  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!this.isHeld) this.pump();
    }, 16);
  }

  private pump(): void {
    const waiting = [...this.wishes]
      .filter(({ isLoading }) => !isLoading)
      .sort((one, other) => Math.abs(one.index - this.centre) - Math.abs(other.index - this.centre));
    const bare: Wish[] = [];
    for (const wish of waiting) {
      const links = this.links.get(wish.photoId);
      if (links === undefined) bare.push(wish);
      else if (this.loadingCount < parallelMax) void this.load(wish, links);
    }
    const isAgain = (bare[0]?.attempts ?? 0) > 0;
    const alike = bare.filter(({ attempts }) => attempts > 0 === isAgain).slice(0, linksAtATime);
    if (alike.length > 0 && this.asking === undefined) {
      void this.ask(
        alike.map(({ photoId }) => photoId),
        isAgain,
      );
    }
  }

  private async ask(photoIds: readonly string[], isAgain: boolean): Promise<void> {
    const asking = { controller: new AbortController(), photoIds: new Set(photoIds) };
    this.asking = asking;
    const found = await this.loadLinks(photoIds, asking.controller.signal, isAgain).catch(() => undefined);
    if (this.asking !== asking) return;
    this.asking = undefined;
    for (const [photoId, links] of found ?? []) this.know(photoId, links);
    for (const wish of this.wishes) {
      if (!asking.photoIds.has(wish.photoId) || this.links.has(wish.photoId)) continue;
      if (found === undefined) this.fail(wish);
      else this.end(wish, false);
    }
    this.soon();
  }

  private async load(wish: Wish, links: Links): Promise<void> {
    const url = (wish.isLarge ? links.thumbnailUrl : links.thumbnailSmallUrl) ?? links.thumbnailUrl;
    if (url === null) return this.end(wish, false);
    wish.isLoading = true;
    this.loadingCount += 1;
    wish.image.src = url;
    const isShown = await wish.image.decode().then(
      () => true,
      () => false,
    );
    if (!this.wishes.has(wish)) return;
    this.release(wish);
    if (isShown) return this.end(wish, true);
    wish.image.removeAttribute('src');
    // The link may have run out.
    this.links.delete(wish.photoId);
    this.fail(wish);
  }

  private fail(wish: Wish): void {
    wish.attempts += 1;
    if (wish.attempts >= attemptsMax) this.end(wish, false);
  }

  private end(wish: Wish, isShown: boolean): void {
    this.wishes.delete(wish);
    wish.done(isShown);
  }
}
