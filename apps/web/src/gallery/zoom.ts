/** How a photo is seen: how many times larger than it fits, and how far its middle is from that of the screen. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const wholePhoto: Zoom = { scale: 1, x: 0, y: 0 };
export const zoomMax = 6;

/** Larger or smaller, with the point (from the middle of the screen) staying over the same spot of the photo. */
export function zoomedAt(zoom: Zoom, scale: number, point: Point): Zoom {
  const times = scale / zoom.scale;
  return { scale, x: point.x - (point.x - zoom.x) * times, y: point.y - (point.y - zoom.y) * times };
}

/** The nearest one that shows no empty border which could be filled. */
export function inside(zoom: Zoom, photo: Size, screen: Size): Zoom {
  const scale = Math.min(zoomMax, Math.max(1, zoom.scale));
  const around = { x: zoom.x * (scale / zoom.scale), y: zoom.y * (scale / zoom.scale) };
  return {
    scale,
    x: within(around.x, (photo.width * scale - screen.width) / 2),
    y: within(around.y, (photo.height * scale - screen.height) / 2),
  };
}

/** How large a photo is that is all seen. */
export function fitting(ratio: number, screen: Size): Size {
  const width = Math.min(screen.width, screen.height * ratio);
  return { width, height: width / ratio };
}

function within(value: number, limit: number): number {
  const most = Math.max(0, limit);
  return Math.min(most, Math.max(-most, value));
}
