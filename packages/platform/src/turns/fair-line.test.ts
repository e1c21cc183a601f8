import { expect, test } from 'vitest';
import { FairLine } from './fair-line.ts';

interface Person {
  readonly name: string;
  readonly keys: readonly string[];
}

const person = (address: string, login: string, name = `${address}${login}`): Person => ({
  name,
  keys: [address, login],
});

/** Who has their turn when one at a time has it. */
function drain(line: FairLine<Person>): string[] {
  const names: string[] = [];
  for (let next = line.next(); next !== undefined; next = line.next()) {
    names.push(next.name);
    line.end(next.keys);
  }
  return names;
}

test('addresses take turns, and the logins of one among themselves; of one each comes first who came first', () => {
  const line = new FairLine<Person>(100);
  for (const name of ['first of a1', 'second of a1', 'third of a1']) line.add(person('a', '1', name));
  line.add(person('a', '2', 'a2'));
  for (const name of ['first of b', 'second of b']) line.add(person('b', '1', name));
  const turns = ['first of a1', 'first of b', 'a2', 'second of b', 'second of a1', 'third of a1'];
  expect(drain(line)).toEqual(turns);
});

test('one of a small crowd waits for nobody but who is at work', () => {
  const line = new FairLine<Person>(1_000);
  for (let count = 0; count < 500; count++) line.add(person('crowd', String(count)));
  expect(line.next()?.name).toBe('crowd0');
  line.add(person('honest', '1'));
  expect(line.next()?.name).toBe('honest1');
  // With one of each at work the rest goes on as it came.
  expect(line.next()?.name).toBe('crowd1');
});

test('into a full line comes who has less in it, in place of the last of those who have most', () => {
  const line = new FairLine<Person>(3);
  const crowd = ['1', '2', '3'].map((login) => person('crowd', login));
  for (const one of crowd) expect(line.add(one)).toBeUndefined();
  const other = person('crowd', '4');
  expect(line.add(other)).toBe(other);
  expect(line.add(person('honest', '1'))).toBe(crowd[2]);
  // Two and one are as even as three can be.
  const third = person('third', '1');
  expect(line.add(third)).toBe(crowd[1]);
  const more = person('honest', '2');
  expect(line.add(more)).toBe(more);
  expect(drain(line)).toEqual(['crowd1', 'honest1', 'third1']);
});

test('who stands beside a crowd, by a narrower key, does not leave for it', () => {
  const line = new FairLine<Person>(3);
  for (const login of ['1', '2']) line.add({ name: `crowd ${login}`, keys: ['new', 'crowd', login] });
  line.add({ name: 'elsewhere', keys: ['new', 'elsewhere', '1'] });
  expect(line.add({ name: 'familiar', keys: ['familiar', 'known', '1'] })?.name).toBe('crowd 2');
});

test('of one address a login that crowds makes room for another', () => {
  const line = new FairLine<Person>(2);
  const [first, second] = [person('a', '1', 'first'), person('a', '1', 'second')];
  line.add(first);
  line.add(second);
  expect(line.add(person('a', '2'))).toBe(second);
  expect(drain(line)).toEqual(['first', 'a2']);
});

test('who leaves is not served, and who has gone is forgotten', () => {
  const line = new FairLine<Person>(10);
  const [one, other] = [person('a', '1'), person('b', '1')];
  line.add(one);
  line.add(other);
  line.remove(one);
  expect(drain(line)).toEqual(['b1']);
  // B was served last, but has nothing here any more: it comes as anybody does.
  line.add(person('b', '1', 'b1 new'));
  line.add(one);
  expect(drain(line)).toEqual(['b1 new', 'a1']);
});
