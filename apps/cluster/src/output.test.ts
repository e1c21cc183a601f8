import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createOutput } from './output.ts';

function written(hasColours: boolean, lines: readonly (readonly [string, string])[]): string[] {
  const texts: string[] = [];
  const print = createOutput((text) => texts.push(text), hasColours);
  for (const [source, line] of lines) print(source, line);
  return texts;
}

test('each line stands behind the process that wrote it, the columns in a line', () => {
  expect(
    written(false, [
      ['upload-2', 'one'],
      ['transaction-1', 'two'],
    ]),
  ).toEqual(['upload-2      | one\n', 'transaction-1 | two\n']);
});

test('the processes of a service have one colour, other services another', () => {
  const texts = written(true, [
    ['upload-1', 'x'],
    ['upload-2', 'x'],
    ['ai-1', 'x'],
  ]);
  const colours = texts.map((text) => text.slice(0, text.indexOf('m') + 1));
  expect(colours[0]).not.toBe('');
  expect(colours[1]).toBe(colours[0]);
  expect(colours[2]).not.toBe(colours[0]);
  expect(texts.map(stripVTControlCharacters)[2]).toBe('ai-1          | x\n');
});
