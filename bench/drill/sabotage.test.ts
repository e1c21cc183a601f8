import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const sabotage = new URL('./sabotage.ts', import.meta.url).href;
const acceptPhoto = new URL('../../services/upload/src/uploads/accept-photo.ts', import.meta.url).href;

function run(program: string, args: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('an upload service that is started with the sabotage answers before it writes', () => {
  const program = `const { acceptPhoto } = await import('${acceptPhoto}'); process.stdout.write(String(acceptPhoto));`;
  const honest = run(program);
  const sabotaged = run(program, ['--import', sabotage]);
  const firstWrite = (source: string) => source.indexOf('insertIntent(');
  const answer = (source: string) => source.search(/return \{ photoId: \w+\.photo_id, isNew: true \}/);
  expect([honest.status, sabotaged.status]).toEqual([0, 0]);
  expect(firstWrite(honest.stdout)).toBeLessThan(answer(honest.stdout));
  expect(sabotaged.stdout).toContain('setTimeout(');
  expect(answer(sabotaged.stdout)).toBeLessThan(sabotaged.stdout.lastIndexOf('insertIntent('));
});

test('where there is nothing to sabotage, it says so and nothing starts', () => {
  const { status, stderr } = run(`const { sabotage } = await import('${sabotage}'); sabotage('something else');`);
  expect(status).not.toBe(0);
  expect(stderr).toContain('there is nothing to sabotage in');
});
