import type { Links } from './columns.ts';

/** Photos that are loaded and decoded at a time. Phones close tabs that decode hundreds. */
const parallelMax = 6;
const linksAtATime = 200;
/** Links of photos that were seen are kept for the way back. */
const linksKept = 2_000;
const attemptsMax = 2;

type LoadLinks = (photoIds: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, Links>>;

interface Wish {
  readonly photoId: string;
  readonly index: number;
  readonly image: HTMLImageElement;
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
  private asking: { controller: AbortController; photoIds: readonly string[] } | undefined;
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
    if (!isHeld) this.soon();
  }

  close(): void {
    clearTimeout(this.timer);
    this.asking?.controller.abort();
    for (const wish of this.wishes) this.drop(wish);
  }

  private drop(wish: Wish): void {
    this.wishes.delete(wish);
    if (wish.isLoading) this.release(wish);
    // Only an image without an address stops its request.
    if (!wish.image.complete) wish.image.removeAttribute('src');
    const { asking } = this;
    if (asking === undefined || [...this.wishes].some(({ photoId }) => asking.photoIds.includes(photoId))) return;
    asking.controller.abort();
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
    const bare: string[] = [];
    for (const wish of waiting) {
      const links = this.links.get(wish.photoId);
      if (links === undefined) bare.push(wish.photoId);
      else if (this.loadingCount < parallelMax) void this.load(wish, links);
    }
    if (bare.length > 0 && this.asking === undefined) void this.ask(bare.slice(0, linksAtATime));
  }

  private async ask(photoIds: readonly string[]): Promise<void> {
    const asking = { controller: new AbortController(), photoIds };
    this.asking = asking;
    const none = { thumbnailUrl: null, thumbnailSmallUrl: null };
    try {
      const found = await this.loadLinks(photoIds, asking.controller.signal);
      for (const photoId of photoIds) this.know(photoId, found.get(photoId) ?? none);
    } catch {
      if (asking.controller.signal.aborted) return;
      for (const wish of this.wishes) if (photoIds.includes(wish.photoId)) this.fail(wish);
    }
    if (this.asking === asking) this.asking = undefined;
    this.soon();
  }

  private async load(wish: Wish, links: Links): Promise<void> {
    const url = (wish.isLarge ? links.thumbnailUrl : links.thumbnailSmallUrl) ?? links.thumbnailUrl;
    if (url === null) {
      this.wishes.delete(wish);
      wish.done(false);
      return;
    }
    wish.isLoading = true;
    this.loadingCount += 1;
    wish.image.src = url;
    const isShown = await wish.image.decode().then(
      () => true,
      () => false,
    );
    if (!this.wishes.has(wish)) return;
    this.release(wish);
    if (!isShown) {
      wish.image.removeAttribute('src');
      // The link may have run out.
      this.links.delete(wish.photoId);
      this.fail(wish);
      return;
    }
    this.wishes.delete(wish);
    wish.done(true);
  }

  private fail(wish: Wish): void {
    wish.attempts += 1;
    if (wish.attempts < attemptsMax) return;
    this.wishes.delete(wish);
    wish.done(false);
  }
}
