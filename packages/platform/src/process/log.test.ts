import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('what a database says of a refused row, and what a form parser says of a request, never reaches the log', async () => {
  const script = `
    import { openLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)};
    const refused = () => Object.assign(new Error('check violated'), { code: '23514', detail: 'Failing row contains (anna@kilas.test).', where: 'anna' });
    const log = openLog('test', 'trace');
    log.error({ err: refused() }, 'one');
    log.error({ err: new AggregateError([refused()], 'many') }, 'two');
    log.trace({ busboyOptions: { headers: { authorization: 'Bearer anna' } } }, 'Providing options to busboy');`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout.trim().split('\n')).toHaveLength(3);
  expect(stdout).toContain('check violated');
  expect(stdout).toContain('23514');
  expect(stdout).not.toContain('anna');
});
