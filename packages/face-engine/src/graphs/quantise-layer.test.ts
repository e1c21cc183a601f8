import { expect, test } from 'vitest';
import { type Layer, quantiseLayer } from './quantise-layer.ts';

const scales = { inputScale: 6 / 255, outputScale: 6 / 255 };

function pointwise(weights: readonly (readonly number[])[], bias: readonly number[]): Layer {
  const [inCount = 0] = weights.map(({ length }) => length);
  const filters = { shape: [weights.length, inCount, 1, 1], data: Float32Array.from(weights.flat()) };
  return { filters, bias: Float32Array.from(bias), stride: 1, groups: 1 };
}

test('each weight is kept to half a step of its channel', () => {
  const weights = [
    [0.5, -0.1, 0.02, 0.3],
    [12, 3, -7, 0],
  ];
  const { filters, scales: steps } = quantiseLayer(pointwise(weights, [0, 0]), scales);
  for (const [channel, row] of weights.entries()) {
    const step = steps[channel] ?? 0;
    for (const [i, weight] of row.entries())
      expect(Math.abs((filters[channel * 4 + i] ?? 0) * step - weight)).toBeLessThanOrEqual(step / 2 + 1e-6);
  }
});

test('a channel of weights near zero keeps its bias', () => {
  const { bias, scales: steps } = quantiseLayer(pointwise([[1e-9, -1e-9]], [3.5]), scales);
  expect((bias[0] ?? 0) * (steps[0] ?? 0) * scales.inputScale).toBeCloseTo(3.5, 5);
});

test('a channel that is always zero stays zero', () => {
  const { bias, filters, scales: steps } = quantiseLayer(pointwise([[0, 0]], [0]), scales);
  expect([...bias, ...filters]).toEqual([0, 0, 0]);
  expect(steps[0]).toBeGreaterThan(0);
});

test('two neighbours always fit into 16 bits, whatever the input', () => {
  const { filters } = quantiseLayer(pointwise([[1, 1, -1, -1, 1, -1]], [0]), scales);
  for (let i = 0; i < filters.length; i += 2) {
    const [a = 0, b = 0] = filters.subarray(i, i + 2);
    expect(255 * Math.max(Math.abs(a), Math.abs(b), Math.abs(a + b))).toBeLessThanOrEqual(2 ** 15);
  }
  // One that stands alone uses all eight bits.
  expect(quantiseLayer(pointwise([[1, 0]], [0]), scales).filters[0]).toBe(127);
});
