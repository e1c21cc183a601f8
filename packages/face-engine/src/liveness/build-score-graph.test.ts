import { expect, test } from 'vitest';
import { buildScoreGraph } from '../graphs/build-score-graph.ts';
import { readGraphModel } from '../graphs/read-graph-model.ts';
import { scoreNets } from './liveness-nets.ts';

test('the same weights give the same graph', async () => {
  const model = await readGraphModel('liveness');
  const build = () => Buffer.from(buildScoreGraph(model, { name: 'liveness', ...scoreNets.liveness }));
  expect(build().equals(build())).toBe(true);
});

test('a step that is not known is refused by its name', async () => {
  const { steps, weights } = await readGraphModel('liveness');
  const strange = steps.map((step) => (step.op === 'Softmax' ? { ...step, op: 'Erf' } : step));
  const build = () => buildScoreGraph({ steps: strange, weights }, { name: 'liveness', ...scoreNets.liveness });
  expect(build).toThrow('no ONNX step is known for Erf');
});
