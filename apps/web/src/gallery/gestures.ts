import { fitting, inside, type Point, wholePhoto, type Zoom, zoomedAt } from './zoom.ts';

export interface Gestured {
  readonly ratio: number;
  /** What holds the photo and those beside it. */
  readonly strip: HTMLElement;
  /** What is enlarged. */
  readonly photo: HTMLElement;
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  move(step: -1 | 1): void;
  close(): void;
  zoomed(isZoomed: boolean): void;
}

const tapMs = 300;
const tapPixels = 24;
const doubleTapScale = 2.5;
/** A swipe that turns the page: so far, or so fast. */
const swipePart = 0.25;
const swipePixelsPerMs = 0.4;

/** Swipe to the photo beside it, pull down to close, pinch, wheel and double tap to enlarge, drag to look around. */
export class Gestures {
  private readonly stage: HTMLElement;
  private readonly current: () => Gestured | undefined;
  private readonly pointers = new Map<number, Point>();
  private zoom: Zoom = wholePhoto;
  /** Of the one finger that swipes: where it began, and when. */
  private begin: (Point & { atMs: number }) | undefined;
  private lastTap: (Point & { atMs: number }) | undefined;
  private hasPinched = false;
  private enlarged: HTMLElement | undefined;

  constructor(stage: HTMLElement, current: () => Gestured | undefined) {
    this.stage = stage;
    this.current = current;
    stage.addEventListener('pointerdown', this.down);
    stage.addEventListener('pointermove', this.moved);
    stage.addEventListener('pointerup', this.up);
    stage.addEventListener('pointercancel', this.up);
    stage.addEventListener('wheel', this.wheel, { passive: false });
  }

  close(): void {
    this.stage.removeEventListener('pointerdown', this.down);
    this.stage.removeEventListener('pointermove', this.moved);
    this.stage.removeEventListener('pointerup', this.up);
    this.stage.removeEventListener('pointercancel', this.up);
    this.stage.removeEventListener('wheel', this.wheel);
  }

  /** Another photo is shown, all of it. */
  reset(): void {
    if (this.enlarged !== undefined) this.enlarged.style.transform = '';
    this.pointers.clear();
    this.begin = undefined;
    this.show(wholePhoto, false);
    this.slide({ x: 0, y: 0 }, false);
  }

  /** Enlarges by so many times, about the middle. */
  scaleBy(times: number): void {
    this.show(this.held(zoomedAt(this.zoom, this.zoom.scale * times, { x: 0, y: 0 })), true);
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button') !== null)) return;
    this.stage.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.pointOf(event));
    this.begin = this.pointers.size === 1 ? { ...this.pointOf(event), atMs: event.timeStamp } : undefined;
    if (this.pointers.size === 1) this.hasPinched = false;
    else {
      this.hasPinched = true;
      this.slide({ x: 0, y: 0 }, false);
    }
  };

  private readonly moved = (event: PointerEvent): void => {
    const before = this.pointers.get(event.pointerId);
    if (before === undefined) return;
    const middleBefore = middleOf([...this.pointers.values()]);
    const spanBefore = spanOf([...this.pointers.values()]);
    this.pointers.set(event.pointerId, this.pointOf(event));
    const points = [...this.pointers.values()];
    const middle = middleOf(points);
    const pan = { x: middle.x - middleBefore.x, y: middle.y - middleBefore.y };
    if (points.length > 1) {
      const { scale, x, y } = zoomedAt(this.zoom, this.zoom.scale * (spanOf(points) / spanBefore), middle);
      this.show({ scale, x: x + pan.x, y: y + pan.y }, false);
    } else if (this.zoom.scale > 1) {
      this.show(this.held({ ...this.zoom, x: this.zoom.x + pan.x, y: this.zoom.y + pan.y }), false);
    } else if (this.begin !== undefined && event.pointerType !== 'mouse') {
      this.slide(this.swiped(middle, this.begin), false);
    }
  };

  private readonly up = (event: PointerEvent): void => {
    const point = this.pointers.get(event.pointerId);
    if (point === undefined) return;
    this.pointers.delete(event.pointerId);
    if (this.pointers.size > 0) return;
    if (this.hasPinched) this.show(this.held(this.zoom), true);
    else if (this.begin !== undefined) this.end(point, this.begin, event);
    this.begin = undefined;
  };

  private end(point: Point, begin: Point & { atMs: number }, event: PointerEvent): void {
    const isTap = event.type !== 'pointercancel' && distance(point, begin) < tapPixels;
    const isSwipe = event.type !== 'pointercancel' && !isTap && event.pointerType !== 'mouse' && this.zoom.scale === 1;
    if (isTap) this.tap({ ...point, atMs: event.timeStamp });
    if (isSwipe && this.swipe(this.swiped(point, begin), event.timeStamp - begin.atMs)) return;
    this.slide({ x: 0, y: 0 }, !isTap);
  }

  /** True if it was far or fast enough. */
  private swipe({ x, y }: Point, ms: number): boolean {
    const isEnough = (way: number, whole: number) =>
      way > whole * swipePart || way / Math.max(1, ms) > swipePixelsPerMs;
    const photo = this.current();
    if (y > 0 && isEnough(y, this.stage.clientHeight)) {
      photo?.close();
      return true;
    }
    const step = x > 0 ? -1 : 1;
    const hasBeside = step < 0 ? photo?.hasPrevious : photo?.hasNext;
    if (x === 0 || hasBeside !== true || !isEnough(Math.abs(x), this.stage.clientWidth)) return false;
    void this.turn(step);
    return true;
  }

  private async turn(step: -1 | 1): Promise<void> {
    const photo = this.current();
    if (photo === undefined) return;
    this.slide({ x: -step * this.stage.clientWidth, y: 0 }, true);
    await Promise.allSettled(photo.strip.getAnimations().map((animation) => animation.finished));
    photo.move(step);
  }

  private tap(tap: Point & { atMs: number }): void {
    const isDouble =
      this.lastTap !== undefined && tap.atMs - this.lastTap.atMs < tapMs && distance(tap, this.lastTap) < tapPixels;
    this.lastTap = isDouble ? undefined : tap;
    if (!isDouble) return;
    this.show(this.zoom.scale > 1 ? wholePhoto : this.held(zoomedAt(this.zoom, doubleTapScale, tap)), true);
  }

  private readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    // A pinch on a touchpad comes as small steps of a wheel with the control key.
    const times = Math.exp((-event.deltaY * lines) / (event.ctrlKey ? 100 : 400));
    this.show(this.held(zoomedAt(this.zoom, this.zoom.scale * times, this.pointOf(event))), false);
  };

  /** One way at a time: to a side, or down. */
  private swiped(point: Point, begin: Point): Point {
    const [x, y] = [point.x - begin.x, point.y - begin.y];
    return Math.abs(x) > Math.abs(y) ? { x, y: 0 } : { x: 0, y: Math.max(0, y) };
  }

  private held(zoom: Zoom): Zoom {
    const screen = { width: this.stage.clientWidth, height: this.stage.clientHeight };
    return inside(zoom, fitting(this.current()?.ratio ?? 1, screen), screen);
  }

  private show(zoom: Zoom, isSmooth: boolean): void {
    const photo = this.current();
    if (photo === undefined) return;
    if (zoom.scale > 1 !== this.zoom.scale > 1) photo.zoomed(zoom.scale > 1);
    this.zoom = zoom;
    this.enlarged = photo.photo;
    photo.photo.style.transition = isSmooth ? 'transform 200ms' : 'none';
    photo.photo.style.transform = `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`;
    photo.photo.style.setProperty('--zoom', String(zoom.scale));
  }

  private slide({ x, y }: Point, isSmooth: boolean): void {
    const strip = this.current()?.strip;
    if (strip === undefined) return;
    strip.style.transition = isSmooth ? 'transform 200ms' : 'none';
    strip.style.transform = `translate(${x}px, ${y}px)`;
  }

  /** From the middle of the stage. */
  private pointOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }
}

function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** How far two fingers are apart. */
function spanOf([one, other]: readonly Point[]): number {
  return one === undefined || other === undefined ? 1 : Math.max(1, distance(one, other));
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
