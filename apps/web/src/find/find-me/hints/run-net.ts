import type { Net, Step, Tensor } from './read-net.ts';

/**
 * Runs a small convolution net on one picture, in plain JavaScript: some thirty million multiplications, which a phone does in a fraction
 * of a second. Tensors are `[height, width, channels]`. Answers the tensors of the steps called `outputs`.
 */
export function runNet(net: Net, picture: Tensor, outputs: readonly string[]): Tensor[] {
  const done = new Map<string, Tensor>([[net.input, picture]]);
  const get = (name: string): Tensor => {
    const tensor = done.get(name);
    if (tensor === undefined) throw new Error(`the net has no ${name}`);
    return tensor;
  };
  for (const step of net.steps) done.set(step.name, run(step, step.inputs.map(get)));
  return outputs.map(get);
}

function run(step: Step, [first, second]: Tensor[]): Tensor {
  if (first === undefined) throw new Error(`${step.name} has no input`);
  switch (step.kind) {
    case 'convolve':
      return step.filter.height === 1 && step.stride === 1 ? mix(step, first) : convolve(step, first);
    case 'depthwise':
      return convolveEach(step, first);
    case 'add':
      if (second === undefined) throw new Error(`${step.name} adds nothing`);
      return add(first, second);
    case 'relu':
      return relu(first);
    case 'pad':
      return padChannels(first, first.channels + step.added);
    case 'pool':
      return poolPairs(first);
    case 'same':
      return first;
  }
}

function padBefore(size: number, window: number, stride: number): number {
  return Math.floor(Math.max(0, (Math.ceil(size / stride) - 1) * stride + window - size) / 2);
}

type Convolve = Extract<Step, { kind: 'convolve' }>;

/** A convolution with a window of one pixel, which is most of the work: four sums at a time stay in registers. */
function mix({ filter, bias, hasRelu }: Convolve, { height, width, channels, data }: Tensor): Tensor {
  const { outputs, data: weights } = filter;
  const result = new Float32Array(height * width * outputs);
  const least = hasRelu ? 0 : Number.NEGATIVE_INFINITY;
  for (let pixel = 0; pixel < height * width; pixel++) {
    const from = pixel * channels;
    const to = pixel * outputs;
    for (let out = 0; out < outputs; out += 4) {
      let [a, b, c, d] = [bias[out] ?? 0, bias[out + 1] ?? 0, bias[out + 2] ?? 0, bias[out + 3] ?? 0];
      for (let channel = 0, at = out; channel < channels; channel++, at += outputs) {
        const value = data[from + channel] ?? 0;
        a += value * (weights[at] ?? 0);
        b += value * (weights[at + 1] ?? 0);
        c += value * (weights[at + 2] ?? 0);
        d += value * (weights[at + 3] ?? 0);
      }
      // The last four may reach beyond the outputs, into the next pixel, which is written later; and beyond the array, where nothing is.
      result[to + out] = Math.max(least, a);
      result[to + out + 1] = Math.max(least, b);
      result[to + out + 2] = Math.max(least, c);
      result[to + out + 3] = Math.max(least, d);
    }
  }
  return { height, width, channels: outputs, data: result };
}

function convolve({ filter, bias, stride, hasRelu }: Convolve, input: Tensor): Tensor {
  const { height, width, channels, data } = input;
  const { outputs, data: weights } = filter;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const [above, before] = [padBefore(height, filter.height, stride), padBefore(width, filter.width, stride)];
  const result = new Float32Array(rows * columns * outputs);
  const least = hasRelu ? 0 : Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const to = (row * columns + column) * outputs;
      for (let out = 0; out < outputs; out++) result[to + out] = bias[out] ?? 0;
      for (let y = 0; y < filter.height; y++) {
        const fromY = row * stride + y - above;
        if (fromY < 0 || fromY >= height) continue;
        for (let x = 0; x < filter.width; x++) {
          const fromX = column * stride + x - before;
          if (fromX < 0 || fromX >= width) continue;
          for (let channel = 0; channel < channels; channel++) {
            const value = data[(fromY * width + fromX) * channels + channel] ?? 0;
            const at = ((y * filter.width + x) * channels + channel) * outputs;
            for (let out = 0; out < outputs; out++)
              result[to + out] = (result[to + out] ?? 0) + value * (weights[at + out] ?? 0);
          }
        }
      }
      for (let out = 0; out < outputs; out++) result[to + out] = Math.max(least, result[to + out] ?? 0);
    }
  }
  return { height: rows, width: columns, channels: outputs, data: result };
}

function convolveEach({ filter, stride }: Extract<Step, { kind: 'depthwise' }>, input: Tensor): Tensor {
  const { height, width, channels, data } = input;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const [above, before] = [padBefore(height, filter.height, stride), padBefore(width, filter.width, stride)];
  const result = new Float32Array(rows * columns * channels);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const to = (row * columns + column) * channels;
      for (let y = 0; y < filter.height; y++) {
        const fromY = row * stride + y - above;
        if (fromY < 0 || fromY >= height) continue;
        for (let x = 0; x < filter.width; x++) {
          const fromX = column * stride + x - before;
          if (fromX < 0 || fromX >= width) continue;
          const from = (fromY * width + fromX) * channels;
          const at = (y * filter.width + x) * channels;
          for (let channel = 0; channel < channels; channel++)
            result[to + channel] =
              (result[to + channel] ?? 0) + (data[from + channel] ?? 0) * (filter.data[at + channel] ?? 0);
        }
      }
    }
  }
  return { height: rows, width: columns, channels, data: result };
}

function add(first: Tensor, second: Tensor): Tensor {
  const data = new Float32Array(first.data);
  for (let at = 0; at < data.length; at++) data[at] = (data[at] ?? 0) + (second.data[at] ?? 0);
  return { ...first, data };
}

function relu(input: Tensor): Tensor {
  const data = new Float32Array(input.data);
  for (let at = 0; at < data.length; at++) data[at] = Math.max(0, data[at] ?? 0);
  return { ...input, data };
}

function padChannels({ height, width, channels, data }: Tensor, padded: number): Tensor {
  const result = new Float32Array(height * width * padded);
  for (let pixel = 0; pixel < height * width; pixel++) {
    result.set(data.subarray(pixel * channels, (pixel + 1) * channels), pixel * padded);
  }
  return { height, width, channels: padded, data: result };
}

/** The largest of each two by two. */
function poolPairs({ height, width, channels, data }: Tensor): Tensor {
  const [rows, columns] = [height >> 1, width >> 1];
  const result = new Float32Array(rows * columns * channels);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let channel = 0; channel < channels; channel++) {
        const at = (y: number, x: number) => data[((row * 2 + y) * width + column * 2 + x) * channels + channel] ?? 0;
        result[(row * columns + column) * channels + channel] = Math.max(at(0, 0), at(0, 1), at(1, 0), at(1, 1));
      }
    }
  }
  return { height: rows, width: columns, channels, data: result };
}
