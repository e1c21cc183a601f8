import { execFileSync } from 'node:child_process';
import { l2Distance } from '@kilas/face-engine/distances/distance.ts';
import { expect, test } from 'vitest';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { matrixBetween, turnMatrix, turnVector } from './turn-matrix.ts';

const secret = 's'.repeat(32);
const other = 'o'.repeat(32);

test.each([1, 2, 128, 512])('the matrix of %i dimensions is orthogonal to 1e-6', (size) => {
  const { values } = turnMatrix(secret, 'a-pack', size);
  let worst = 0;
  for (let i = 0; i < size; i++) {
    for (let k = 0; k <= i; k++) {
      let sum = 0;
      for (let c = 0; c < size; c++) sum += (values[i * size + c] ?? 0) * (values[k * size + c] ?? 0);
      worst = Math.max(worst, Math.abs(sum - (i === k ? 1 : 0)));
    }
  }
  expect(worst).toBeLessThan(1e-6);
});

test('distances stay, to 1e-5', () => {
  const matrix = turnMatrix(secret, 'a-pack', 128);
  for (let i = 0; i < 100; i++) {
    const one = newPerson();
    const another = likenessOf(one, 0.015 * i);
    const turned = l2Distance(turnVector(matrix, one), turnVector(matrix, another));
    expect(Math.abs(turned - l2Distance(one, another))).toBeLessThan(1e-5);
  }
});

test('a vector turned with another secret, for another pack or not at all is somebody else', () => {
  const person = newPerson();
  const ways = [turnMatrix(secret, 'a-pack', 128), turnMatrix(other, 'a-pack', 128), turnMatrix(secret, 'b-pack', 128)];
  const vectors = [person, ...ways.map((way) => turnVector(way, person))];
  for (const [i, one] of vectors.entries()) {
    for (const another of vectors.slice(i + 1)) expect(l2Distance(one, another)).toBeGreaterThan(1);
  }
});

test('the same secret turns the same way in every process', () => {
  const file = JSON.stringify(new URL('./turn-matrix.ts', import.meta.url).href);
  const script = `import(${file}).then(({ turnMatrix }) => console.log([...turnMatrix('${secret}', 'a-pack', 16).values].join()))`;
  const elsewhere = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim();
  expect(elsewhere.split(',').map(Number)).toEqual([...turnMatrix(secret, 'a-pack', 16).values]);
  // And in every release: what is stored was turned by an earlier one.
  expect([...turnMatrix(secret, 'a-pack', 2).values].map((value) => value.toFixed(9))).toEqual([
    '0.874876531',
    '0.484346009',
    '-0.484346009',
    '0.874876531',
  ]);
});

test('vectors lead over from one secret to another', () => {
  const [from, to] = [turnMatrix(other, 'a-pack', 128), turnMatrix(secret, 'a-pack', 128)];
  const person = newPerson();
  const led = turnVector(matrixBetween(from, to), turnVector(from, person));
  expect(l2Distance(led, turnVector(to, person))).toBeLessThan(1e-5);
});
