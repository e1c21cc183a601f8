import type { Anchor, Gap, GridModel, Row } from './grid-model.ts';
import type { Measure } from './justify.ts';
import { listPlace, scrollHeightOf, scrollPlace } from './scroll-map.ts';

/** What is drawn now: rows and empty places near the screen. */
export interface Drawn {
  readonly rows: readonly Row[];
  readonly gaps: readonly Gap[];
  /** Tops are drawn from here, so that none is beyond what browsers can place. */
  readonly base: number;
  readonly measure: Measure;
}

/** A pause after which scrolling has ended. */
const restMs = 150;
/** Faster than this nobody looks at single photos. */
const fastPixelsPerMs = 4;
const baseStep = 1_000_000;

/** Keeps the scrollbar, the model and what is drawn together. The page scrolls, the list is a part of it. */
export class GridView {
  private anchor: Anchor = { block: 0, photo: 0, within: 0, offset: 0 };
  /** The top of the screen in the list. */
  private at = 0;
  /** The top of the screen in the element. */
  private scrolled = 0;
  private screen = 0;
  private measure: Measure = { width: 0, rowHeight: 0, gap: 0 };
  private drawnFrom = 0;
  private drawnTo = 0;
  private base = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private movedAtMs = 0;
  private isFast = false;
  private model: GridModel;
  private readonly element: HTMLElement;
  private readonly layer: HTMLElement;
  private readonly draw: (drawn: Drawn) => void;
  /** Told where somebody looks whenever that changes. */
  private readonly look: (view: GridView) => void;
  private readonly observer = new ResizeObserver(() => this.resize());

  constructor(
    element: HTMLElement,
    layer: HTMLElement,
    model: GridModel,
    draw: (drawn: Drawn) => void,
    look: (view: GridView) => void,
  ) {
    this.element = element;
    this.layer = layer;
    this.model = model;
    this.draw = draw;
    this.look = look;
    document.addEventListener('scroll', this.scroll, { passive: true, capture: true });
    window.addEventListener('resize', this.resize);
    this.observer.observe(element);
    // What stands below the list would hold the page when the list grows.
    document.documentElement.style.setProperty('overflow-anchor', 'none');
    this.resize();
  }

  close(): void {
    clearTimeout(this.rest);
    this.observer.disconnect();
    document.documentElement.style.removeProperty('overflow-anchor');
    document.removeEventListener('scroll', this.scroll, { capture: true });
    window.removeEventListener('resize', this.resize);
  }

  /** The photos on the screen, by index. */
  get visible(): { from: number; to: number } {
    const { rows } = this.model.rowsBetween(this.at, this.at + this.screen);
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return { from: 0, to: 0 };
    return { from: first.index, to: last.index + last.photos.length };
  }

  /** Segments that are missing on the screen or near it. */
  get missing(): string[] {
    const near = this.model.between(this.at - this.screen, this.at + 2 * this.screen);
    return near.flatMap(({ segment, columns }) => (segment === undefined || columns !== undefined ? [] : [segment]));
  }

  get isNearEnd(): boolean {
    return this.at + 3 * this.screen > this.model.height;
  }

  get isRushing(): boolean {
    return this.isFast;
  }

  /** How far down the list the screen is, from 0 to 1. */
  get part(): number {
    return Math.max(0, Math.min(1, this.at / Math.max(1, this.model.height - this.screen)));
  }

  /** The time that stands at the top of the screen. */
  get time(): string | undefined {
    const { block, photo } = this.model.anchorAt(Math.max(0, this.at));
    const found = this.model.blocks[block];
    return found?.columns?.capturedAt[Math.floor(photo)] ?? found?.newestAt;
  }

  /** Another list in the same place, or the same list with more of it. */
  show(model: GridModel): void {
    this.follow();
    if (model !== this.model) {
      model.resize(this.measure);
      this.anchor = this.at <= 0 ? model.anchorAt(this.at) : model.anchorLike(this.anchor, this.model);
      this.model = model;
    }
    this.update(true);
  }

  /** Scrolls no further than it takes to see the photo. */
  reveal(index: number): void {
    this.follow();
    const anchor = this.model.anchorOf(index);
    let top = this.model.settle(anchor, this.screen, this.screen);
    const height = this.model.rowOf(index)?.height ?? this.measure.rowHeight;
    // The bars of the page lie over its ends.
    const margin = Math.min(88, this.screen / 6);
    this.at = this.model.topOf(this.anchor);
    if (top - margin < this.at) top -= margin;
    else if (top + height + margin > this.at + this.screen) top -= this.screen - height - margin;
    else top = this.at;
    this.anchor = this.model.anchorAt(top);
    clearTimeout(this.rest);
    this.rest = undefined;
    this.update(true);
  }

  private readonly resize = (): void => {
    const width = this.element.clientWidth;
    const screen = window.innerHeight;
    if (width === 0 || (width === this.measure.width && screen === this.screen)) return;
    const isFirst = this.measure.width === 0;
    this.screen = screen;
    if (width !== this.measure.width) {
      this.measure = measureOf(width);
      this.model.resize(this.measure);
    }
    this.scrolled = this.read();
    // What stands above the list may have changed its height as well.
    if (isFirst || this.at <= 0) this.anchor = this.model.anchorAt(listPlace(this.scrolled, this.extent()));
    this.update(true);
  };

  private readonly scroll = (): void => {
    if (!this.follow()) return;
    clearTimeout(this.rest);
    this.rest = setTimeout(this.finish, restMs);
    this.update(false);
  };

  /** Takes over how far the page was scrolled since; false if it was not. */
  private follow(): boolean {
    const scrolled = this.read();
    const step = scrolled - this.scrolled;
    if (step === 0) return false;
    const now = performance.now();
    this.isFast = Math.abs(step) / Math.max(8, now - this.movedAtMs) > fastPixelsPerMs;
    this.movedAtMs = now;
    this.scrolled = scrolled;
    const extent = this.extent();
    const isOutside = scrolled <= 0 || scrolled >= extent.scroll - extent.screen;
    const isJump = Math.abs(step) > 3 * this.screen;
    this.at = isOutside || isJump ? listPlace(scrolled, extent) : this.at + step;
    this.anchor = this.model.anchorAt(this.at, this.screen);
    return true;
  }

  private readonly finish = (): void => {
    this.follow();
    clearTimeout(this.rest);
    this.rest = undefined;
    this.isFast = false;
    this.update(true);
  };

  private update(isForced: boolean): void {
    if (this.measure.width === 0) return;
    const margin = this.screen / 2;
    this.at = this.model.settle(this.anchor, margin, this.screen + margin);
    const extent = this.extent();
    this.element.style.height = `${extent.scroll}px`;
    // Moving the page stops a finger's swing, so it waits until nobody scrolls; till then the layer stands off by a little.
    if (this.rest === undefined) {
      const off = scrollPlace(this.at, extent) - this.read();
      if (Math.abs(off) >= 1) {
        window.scrollBy({ top: off, behavior: 'instant' });
        this.scrolled = this.read();
      }
    }
    const isFar = Math.abs(this.at - this.base) > baseStep;
    if (isFar) this.base = Math.round(this.at / baseStep) * baseStep;
    this.layer.style.top = `${Math.round(this.base - this.at + this.scrolled)}px`;
    const isDrawn =
      this.drawnFrom <= Math.max(0, this.at - margin / 2) && this.drawnTo >= this.at + this.screen + margin / 2;
    if (isForced || isFar || !isDrawn) {
      this.drawnFrom = this.at - margin;
      this.drawnTo = this.at + this.screen + margin;
      this.draw({
        ...this.model.rowsBetween(this.drawnFrom, this.drawnTo),
        base: this.base,
        measure: this.measure,
      });
    }
    this.look(this);
  }

  private extent() {
    const list = this.model.height;
    return { list, scroll: scrollHeightOf(list), screen: this.screen };
  }

  private read(): number {
    return -this.element.getBoundingClientRect().top;
  }
}

function measureOf(width: number): Measure {
  const rowHeight = width < 640 ? Math.max(104, width / 3) : Math.min(260, 140 + width / 16);
  return { width, rowHeight: Math.round(rowHeight), gap: 4 };
}
