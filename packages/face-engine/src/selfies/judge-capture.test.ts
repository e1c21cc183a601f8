import { expect, test } from 'vitest';
import { lumaPx } from '../imprints/imprint.ts';
import { eyeContrastOf } from './eye-contrast.ts';
import { type CapturedFace, type CaptureStep, judgeCapture } from './judge-capture.ts';

/** A person is a direction; each picture of theirs lies `off` away from it. */
function embedding(person: 0 | 1, off = 0): Float32Array {
  const vector = new Float32Array(8);
  vector[person] = 1;
  vector[7] = off;
  return vector;
}

/** A face in grey whose skin looks otherwise in each picture, with irises of this depth. */
function drawLuma(picture: number, irisDepth: number): Uint8Array {
  let state = picture * 7919 + 1;
  const luma = Uint8Array.from({ length: lumaPx * lumaPx }, () => {
    state = (state * 16_807) % 2_147_483_647;
    return 140 + (state % 60);
  });
  for (const [cx, cy] of [
    [24, 24],
    [50, 24],
  ] as const) {
    for (let y = -2; y <= 2; y++) {
      for (let x = -2; x <= 2; x++) {
        if (x * x + y * y > 5) continue;
        const at = (cy + y) * lumaPx + cx + x;
        luma[at] = (luma[at] ?? 0) - irisDepth;
      }
    }
  }
  return luma;
}

let pictures = 0;
function face({
  yawDeg = 0,
  irisDepth = 90,
  person = 0 as 0 | 1,
  off = 0,
  luma = drawLuma(++pictures, irisDepth),
}): CapturedFace {
  return { embedding: embedding(person, off), luma, quality: { yawDeg } };
}

const near = { samePersonDistanceMax: 0.9 };
const left = () => face({ yawDeg: 15 });
const right = () => face({ yawDeg: -15 });
const closed = () => face({ irisDepth: 20 });
const judge = (selfie: CapturedFace, ...capture: (readonly [CaptureStep, ...CapturedFace[]])[]) =>
  judgeCapture(
    selfie,
    capture.map(([step, ...frames]) => ({ step, frames })),
    near,
  );
const fault = (reason: string, step: number) => ({ ok: false, reason, step });

test('who turns to their own left, to their right and closes their eyes, as asked, has followed', () => {
  expect(judge(face({}), ['turn_left', left()], ['blink', closed()], ['turn_right', right()])).toEqual({ ok: true });
});

test.each([
  ['turn_left', 14.9],
  ['turn_left', -20],
  ['turn_right', -14.9],
  ['turn_right', 20],
] as const)('%s is not followed by a face that is turned by %f degrees', (step, yawDeg) => {
  expect(judge(face({}), ['blink', closed()], [step, face({ yawDeg })])).toEqual(fault('challenge_not_followed', 2));
});

test('a turn is measured against the selfie, as noses differ', () => {
  const selfie = face({ yawDeg: 10 });
  expect(judge(selfie, ['turn_left', face({ yawDeg: 24 })])).toEqual(fault('challenge_not_followed', 1));
  expect(judge(selfie, ['turn_left', face({ yawDeg: 25 })])).toEqual({ ok: true });
  expect(judge(selfie, ['turn_right', face({ yawDeg: -5 })])).toEqual({ ok: true });
});

test('one frame of a step that shows it is enough, and one that shows the other side is too much', () => {
  expect(judge(face({}), ['turn_left', face({}), face({ yawDeg: 8 }), left()])).toEqual({ ok: true });
  expect(judge(face({}), ['turn_left', left(), right()])).toEqual(fault('challenge_not_followed', 1));
});

test('open eyes are no blink, nor are eyes that are not seen because the head is turned', () => {
  expect(judge(face({}), ['blink', face({})])).toEqual(fault('challenge_not_followed', 1));
  expect(judge(face({}), ['blink', face({ irisDepth: 20, yawDeg: 15 })])).toEqual(fault('challenge_not_followed', 1));
  expect(judge(face({}), ['blink', face({}), closed()])).toEqual({ ok: true });
});

test('a selfie with closed eyes has no open ones to compare a blink with', () => {
  expect(judge(closed(), ['blink', closed()])).toEqual(fault('challenge_not_followed', 1));
});

test('whoever else is in a frame, the step is named', () => {
  const stranger = face({ yawDeg: -20, person: 1 });
  expect(judge(face({}), ['turn_left', left()], ['turn_right', right(), stranger])).toEqual(
    fault('challenge_other_person', 2),
  );
  expect(judge(face({}), ['turn_left', face({ yawDeg: 20, off: 0.89 })])).toEqual({ ok: true });
  expect(judge(face({}), ['turn_left', face({ yawDeg: 20, off: 0.91 })])).toEqual(fault('challenge_other_person', 1));
});

test('one still serves neither the selfie and a step, nor two steps', () => {
  const selfie = face({});
  const brighter = selfie.luma.map((value) => Math.min(255, value * 1.1));
  expect(judge(selfie, ['turn_left', face({ yawDeg: 20, luma: brighter })])).toEqual(fault('challenge_repeated', 1));
  const turned = left();
  const again = { ...turned, quality: { yawDeg: -20 } };
  expect(judge(face({}), ['turn_left', turned], ['turn_right', again])).toEqual(fault('challenge_repeated', 2));
});

test('frames of one step may be alike: a person holds still', () => {
  const turned = left();
  expect(judge(face({}), ['turn_left', turned, turned])).toEqual({ ok: true });
});

test('a face without any contrast has no eyes', () => {
  expect(eyeContrastOf(new Uint8Array(lumaPx * lumaPx).fill(120))).toBe(0);
});
