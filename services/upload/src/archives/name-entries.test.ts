import { expect, test } from 'vitest';
import { nameEntries } from './name-entries.ts';

test('photos of one title get numbers, also where a number is taken, and thousands of them are quick', () => {
  expect(nameEntries(['Finish.jpg', 'Finish.jpg', 'finish.JPG', 'Finish (2).jpg', 'Finish.png', 'Finish.jpg'])).toEqual(
    ['Finish.jpg', 'Finish (2).jpg', 'finish (3).JPG', 'Finish (2) (2).jpg', 'Finish.png', 'Finish (4).jpg'],
  );
  const startedAt = performance.now();
  const many = nameEntries(Array.from({ length: 2000 }, () => 'Finish.jpg'));
  expect(performance.now() - startedAt).toBeLessThan(1000);
  expect(many[1999]).toBe('Finish (2000).jpg');
  expect(new Set(many).size).toBe(2000);
});

test.each([
  ['../../etc/passwd', 'etc passwd'],
  ['..\\..\\x.jpg', 'x.jpg'],
  ['/x.jpg', 'x.jpg'],
  ['C:\\x.jpg', 'C x.jpg'],
  ['a\0b\nc.jpg', 'a b c.jpg'],
  ['..', 'photo'],
  ['.jpg', 'photo.jpg'],
  ['\u200b.jpg', 'photo.jpg'],
  ['a\u202egpj.exe.jpg', 'a gpj.exe.jpg'],
  ['CON.jpg', 'photo CON.jpg'],
  ['lpt1.old.jpg', 'photo lpt1.old.jpg'],
  ['trailing. .jpg', 'trailing.jpg'],
  ['What? "Yes" <1>|*.jpg', 'What Yes 1.jpg'],
  ['Lari 東京 🏁.jpg', 'Lari 東京 🏁.jpg'],
])('a name leads into no other folder and is one that every system takes: %j', (name, expected) => {
  expect(nameEntries([name])).toEqual([expected]);
});

test('a name that is too long for a file system is cut between letters, and keeps its extension', () => {
  const [name = '', second = ''] = nameEntries([`${'東'.repeat(100)}.jpg`, `${'東'.repeat(100)}.jpg`]);
  expect(name).toBe(`${'東'.repeat(66)}.jpg`);
  expect(second).toBe(`${'東'.repeat(66)} (2).jpg`);
  expect(nameEntries([`${'🏁'.repeat(90)}.jpg`])[0]).toBe(`${'🏁'.repeat(50)}.jpg`);
});

test('two names that a system takes for one get a number', () => {
  expect(nameEntries(['é.jpg', 'é.jpg', 'É.jpg', 'ﬁ.jpg', 'fi.jpg'])).toEqual([
    'é.jpg',
    'é (2).jpg',
    'É (3).jpg',
    'ﬁ.jpg',
    'fi (2).jpg',
  ]);
});
