import { goodQuality } from '@kilas/face-engine/testing/good-quality.ts';
import type { Face } from '../faces/face.ts';

const embeddingLength = 128;

/** A person nobody resembles: an embedding far from every other one. */
export function newPerson(): Float32Array {
  return direction(1);
}

/** Another picture of a person: an embedding at about this L2 distance. */
export function likenessOf(person: Float32Array, distance: number): Float32Array {
  const shift = direction(distance);
  return person.map((value, i) => value + (shift[i] ?? 0));
}

/** On the line from one embedding to another: 0 is the first, 1 the second, more lies behind it, less before. */
export function beyond(from: Float32Array, to: Float32Array, share: number): Float32Array {
  return from.map((value, i) => value + ((to[i] ?? 0) - value) * share);
}

/** A face that may not decide, as faceWith. */
export function unsureFaceWith(embedding: Float32Array): Face {
  return { ...faceWith(embedding), isSure: false };
}

/** At a place of its own: two faces of a photo do not lie upon each other. */
export function faceWith(embedding: Float32Array): Face {
  return {
    box: { left: 0.99 * Math.random(), top: 0.99 * Math.random(), width: 0.002, height: 0.004 },
    score: 0.9,
    embedding,
    quality: goodQuality,
    isSure: true,
  };
}

/** A random direction of this length; two of length 1 are about √2 apart. */
function direction(length: number): Float32Array {
  const values = Float32Array.from({ length: embeddingLength }, () => Math.random() - 0.5);
  const norm = Math.hypot(...values);
  return values.map((value) => (value / norm) * length);
}
