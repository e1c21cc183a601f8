import type { Box } from '../pixels/rgb-image.ts';

const sidePx = 512;
/** Boxes of a layer, as shares of the side for which the detector was trained. */
const scales = [0.1, 0.35, 0.5, 0.65, 0.8, 0.95];
const centreVariance = 10;
const sizeVariance = 5;

interface Layer {
  readonly stridePx: number;
  /** Of each anchor of a cell, in pixels. */
  readonly sizes: readonly { width: number; height: number }[];
}

/** Source: Liu et al., SSD (2016), 2.2, with the three boxes of the lowest layer that MobileNet-SSD has. */
const LAYERS: readonly Layer[] = scales.map((scale, i) => ({
  stridePx: 16 * 2 ** i,
  sizes: i === 0 ? lowestSizes(scale) : sizesOf(scale, scales[i + 1] ?? 1),
}));

/** Where anchor number `index` of a view lies, in pixels of the view; the anchors are numbered by layer, row, column, size. */
export class SsdAnchors {
  readonly count: number;
  readonly #layers: readonly (Layer & { start: number; columns: number })[];

  constructor(width: number, height: number) {
    let start = 0;
    this.#layers = LAYERS.map((layer) => {
      const columns = Math.ceil(width / layer.stridePx);
      const placed = { ...layer, start, columns };
      start += columns * Math.ceil(height / layer.stridePx) * layer.sizes.length;
      return placed;
    });
    this.count = start;
  }

  /** The box that the four numbers of an encoding (dy, dx, log height, log width) give at this anchor. */
  decode(index: number, encoding: Float32Array): Box {
    const layer = this.#layers.findLast(({ start }) => start <= index);
    if (!layer || index >= this.count) throw new RangeError(`there is no anchor ${index}`);
    const { start, columns, stridePx, sizes } = layer;
    const cell = Math.floor((index - start) / sizes.length);
    const size = sizes[(index - start) % sizes.length] ?? { width: 0, height: 0 };
    const [dy = 0, dx = 0, logHeight = 0, logWidth = 0] = encoding;
    const width = Math.exp(logWidth / sizeVariance) * size.width;
    const height = Math.exp(logHeight / sizeVariance) * size.height;
    const x = ((cell % columns) + 0.5) * stridePx + (dx / centreVariance) * size.width;
    const y = (Math.floor(cell / columns) + 0.5) * stridePx + (dy / centreVariance) * size.height;
    return { x: x - width / 2, y: y - height / 2, width, height };
  }
}

function lowestSizes(scale: number): Layer['sizes'] {
  return [shape(scale, 1), shape(0.2, 2), shape(0.2, 1 / 2)];
}

function sizesOf(scale: number, next: number): Layer['sizes'] {
  const between = Math.sqrt(scale * next);
  return [
    shape(scale, 1),
    shape(between, 1),
    shape(scale, 2),
    shape(scale, 1 / 2),
    shape(scale, 3),
    shape(scale, 1 / 3),
  ];
}

function shape(scale: number, widthToHeight: number): { width: number; height: number } {
  const root = Math.sqrt(widthToHeight);
  return { width: scale * root * sidePx, height: (scale / root) * sidePx };
}
