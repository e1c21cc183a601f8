import { z } from 'zod';
import { calibrationSchema } from '../distances/calibration.ts';

/** Sides of a square that the largest detector known to us takes, in pixels. */
const inputPxMax = 4096;
const dimensionMax = 2000;

/** Stands in rows, metrics and folder names. */
export const packIdPattern = /^[a-z0-9][a-z0-9.-]{0,62}$/;

/** What is known, as the operator who brings the file knows it: the code does not judge it. */
const licence = z.strictObject({
  name: z.string().min(1),
  url: z.url().optional(),
  /** What is known of the pictures it was trained on and of their terms. */
  data: z.string().min(1),
});

const modelFile = z.strictObject({
  /** Beside the manifest. */
  file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\.onnx$/, 'expected the name of an .onnx file beside the manifest'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits in lower case'),
});

const model = modelFile.extend({ licence });

/** A network's input: `(value − mean) / divisor` per channel, the mean in the order of `channels`. */
const pixels = z.strictObject({
  channels: z.enum(['rgb', 'bgr']),
  layout: z.enum(['nchw', 'nhwc']),
  mean: z.tuple([z.number(), z.number(), z.number()]),
  divisor: z.number().positive(),
});

/** A network that takes RGB bytes, `uint8 [n, height, width, 3]`, and normalises them itself, as the built-in ones do. */
const bytes = z.literal('rgb-bytes');

const score = z.number().gt(0).lt(1);
const sidePx = z.number().int().min(32).max(inputPxMax);
const point = z.strictObject({ landmark: z.number().int().min(0).max(67), x: z.number(), y: z.number() });

const detectorSize = {
  /** The side, in pixels, of the view of a whole frame. */
  inputPx: sidePx,
  scoreMin: score,
  /** The smallest face, as the longer side of its box in pixels of a view, that it finds nine times in ten. */
  faceMinPx: z.number().positive(),
};

const detector = z.discriminatedUnion('kind', [
  model.extend({
    kind: z.literal('ssd-mobilenet'),
    input: bytes,
    ...detectorSize,
    /** From this score on a face is looked at closer. */
    hintMin: score.optional(),
    /** From this score on it is not. */
    certainMin: score.optional(),
    /** The same network, faster and less exact, for the first look. */
    scan: modelFile.optional(),
  }),
  model.extend({ kind: z.literal('yunet'), input: pixels, ...detectorSize }),
]);

const landmarks = z.discriminatedUnion('kind', [
  /** The detector's own five points. */
  z.strictObject({ kind: z.literal('of-detector'), layout: z.literal('5') }),
  model.extend({ kind: z.literal('68-points'), layout: z.literal('68'), input: bytes }),
]);

const embedder = z.discriminatedUnion('kind', [
  model.extend({
    kind: z.literal('dlib-150'),
    input: bytes,
    chipPx: z.literal(150),
    alignment: z.literal('dlib'),
    dimension: z.literal(128),
  }),
  model.extend({
    kind: z.literal('arcface-112'),
    input: z.union([pixels, bytes]),
    chipPx: z.literal(112),
    /** Where which landmarks come to lie on the chip: the template of ArcFace, or points of one's own, in pixels. */
    alignment: z.union([z.literal('arcface'), z.array(point).min(2).max(68)]),
    dimension: z.number().int().min(8).max(dimensionMax),
  }),
]);

/** The mean of many faces under the pack; distances of a pack that has one are normalised by it, and its calibration is of those. */
const typicalFace = z.strictObject({
  embedding: z.array(z.number()).min(8).max(dimensionMax),
  /** How far from it faces lie on average. */
  usualDistance: z.number().positive(),
});

const manifest = z
  .strictObject({
    id: z.string().regex(packIdPattern, 'expected lower-case letters, digits, dots and hyphens, at most 63'),
    detector,
    landmarks,
    embedder,
    calibration: calibrationSchema,
    typicalFace: typicalFace.optional(),
  })
  .superRefine((pack, ctx) => {
    const problem = (path: PropertyKey[], message: string) => ctx.addIssue({ code: 'custom', path, message });
    if (pack.landmarks.kind === 'of-detector' && pack.detector.kind !== 'yunet')
      problem(['landmarks', 'kind'], `a detector of kind ${pack.detector.kind} gives no points`);
    if (pack.embedder.kind === 'dlib-150' && pack.landmarks.layout !== '68')
      problem(['landmarks', 'layout'], 'an embedder of kind dlib-150 needs the 68 points');
    if (pack.detector.kind === 'ssd-mobilenet') {
      const { hintMin = 0, scoreMin, certainMin = 1 } = pack.detector;
      if (hintMin > scoreMin || scoreMin > certainMin)
        problem(['detector', 'scoreMin'], 'expected hintMin, scoreMin and certainMin in rising order');
    }
    const { alignment } = pack.embedder;
    if (typeof alignment !== 'string' && alignment.some(({ landmark }) => landmark >= Number(pack.landmarks.layout)))
      problem(['embedder', 'alignment'], `names a landmark that is not among the ${pack.landmarks.layout}`);
    if (pack.typicalFace && pack.typicalFace.embedding.length !== pack.embedder.dimension)
      problem(['typicalFace', 'embedding'], `has not the ${pack.embedder.dimension} numbers of an embedding`);
    const names = modelsOf(pack).map(({ file }) => file);
    if (new Set(names).size < names.length) problem([], 'two models name the same file');
  });

export type PackManifest = z.output<typeof manifest>;
export type PixelInput = z.output<typeof pixels>;
export type ModelFile = z.output<typeof modelFile>;

/** Reads a manifest's content; answers the pack, or every problem that it has. */
export function parseManifest(content: unknown): { pack: PackManifest } | { problems: string[] } {
  const result = manifest.safeParse(content);
  if (result.success) return { pack: result.data };
  return { problems: result.error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`) };
}

/** The files that a pack is made of. */
export function modelsOf({
  detector,
  landmarks,
  embedder,
}: Pick<PackManifest, 'detector' | 'landmarks' | 'embedder'>): ModelFile[] {
  const scan = detector.kind === 'ssd-mobilenet' && detector.scan ? [detector.scan] : [];
  return [detector, ...scan, ...(landmarks.kind === 'of-detector' ? [] : [landmarks]), embedder];
}
