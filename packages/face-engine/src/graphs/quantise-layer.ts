import type { Weight } from './weights.ts';

/** A convolution with an activation that cuts its output off at 0 and at a largest value. */
export interface Layer {
  /** `[out, in, height, width]`; one `in` where each channel has filters of its own. */
  readonly filters: Weight;
  readonly bias: Float32Array;
  readonly stride: number;
  readonly groups: number;
}

/** The same in whole numbers, as ONNX's QLinearConv takes it: `filters` times `scales` (per output channel) are the weights. */
export interface QuantisedConv {
  readonly shape: readonly number[];
  readonly filters: Int8Array;
  readonly scales: Float32Array;
  /** In units of `inputScale` times the channel's scale. */
  readonly bias: Int32Array;
  readonly stride: number;
  readonly groups: number;
  readonly inputScale: number;
  readonly outputScale: number;
}

const weightMax = 127;
/**
 * Processors without VNNI add the products of two neighbouring weights in 16 bits and cut off what does not fit: 255 times this, and
 * no more, does.
 */
const pairSumMax = 128;
/** A channel with a large bias and weights near zero gets coarser weights, so that its bias stays a whole number of 32 bits. */
const biasMax = 2 ** 30;
/** Of a channel that is always zero. */
const SCALE_MIN = 1e-20;

/**
 * Rounds a layer's weights to 8 bits, each output channel by a scale of its own. Input and output are bytes: numbers from 0 on
 * in steps of `inputScale` and `outputScale`.
 */
export function quantiseLayer(
  { filters, bias, stride, groups }: Layer,
  { inputScale, outputScale }: Pick<QuantisedConv, 'inputScale' | 'outputScale'>,
): QuantisedConv {
  const perChannel = filters.data.length / bias.length;
  const whole = new Int8Array(filters.data.length);
  const scales = new Float32Array(bias.length);
  const wholeBias = new Int32Array(bias.length);
  for (const [channel, value] of bias.entries()) {
    const weights = filters.data.subarray(channel * perChannel, (channel + 1) * perChannel);
    const scale = Math.fround(
      Math.max(
        largest(weights) / weightMax,
        groups === 1 ? largestPairSum(weights, isPointwise(filters)) / pairSumMax : 0,
        Math.abs(value) / inputScale / biasMax,
        SCALE_MIN,
      ),
    );
    scales[channel] = scale;
    for (const [i, weight] of weights.entries()) whole[channel * perChannel + i] = Math.round(weight / scale);
    wholeBias[channel] = Math.round(value / inputScale / scale);
  }
  return { shape: filters.shape, filters: whole, scales, bias: wholeBias, stride, groups, inputScale, outputScale };
}

function largest(weights: Float32Array): number {
  return weights.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
}

function isPointwise({ shape: [, , height, width] }: Weight): boolean {
  return height === 1 && width === 1;
}

/** Of neighbours of one sign; which weights of a larger filter become neighbours is the library's choice. */
function largestPairSum(weights: Float32Array, isInOrder: boolean): number {
  if (!isInOrder) return 2 * largest(weights);
  let max = 0;
  for (let i = 0; i < weights.length; i += 2) {
    const [a = 0, b = 0] = weights.subarray(i, i + 2);
    max = Math.max(max, Math.max(a, 0) + Math.max(b, 0), Math.max(-a, 0) + Math.max(-b, 0));
  }
  return max;
}
