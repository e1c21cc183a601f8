import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { expect, test } from 'vitest';
import { readArguments } from './command-arguments.ts';

test('without arguments two processes of each service run on a folder that is kept', () => {
  expect(readArguments([])).toEqual({
    isHelp: false,
    dataFolder: path.resolve('data-cluster'),
    port: 3100,
    replicas: { user: 2, photo: 2, transaction: 2, ai: 2, upload: 2 },
    logLevel: 'warn',
    servers: {},
  });
});

test.each([
  ['3', { user: 3, photo: 3, transaction: 3, ai: 3, upload: 3 }],
  ['upload=3,ai=1', { upload: 3, ai: 1 }],
  ['upload = 3', { upload: 3 }],
])('--replicas %s', (text, replicas) => {
  expect(readArguments(['--replicas', text]).replicas).toEqual(replicas);
});

test('a throwaway run has no folder that is kept', () => {
  expect(readArguments(['--fresh']).dataFolder).toBeUndefined();
});

test('servers of others are named by their addresses', () => {
  const argv = [
    '--consul',
    'http://10.0.0.4:8500/',
    '--s3',
    'https://minio.example',
    '--redis',
    'rediss://:x@10.0.0.6',
  ];
  expect(readArguments(argv).servers).toEqual({
    consul: 'http://10.0.0.4:8500',
    s3: 'https://minio.example',
    redis: 'rediss://:x@10.0.0.6',
  });
});

test.each([
  [['--replicas', '0'], '"0" is no number of processes'],
  [['--replicas', '1.5'], '"1.5" is no number of processes'],
  [['--replicas', ''], '"" is no number of processes'],
  [['--replicas', 'upload=many'], '"upload=many" is no number of processes'],
  [['--replicas', 'uploads=2'], '"uploads" is no service'],
  [['--fresh', '--data', 'x'], '--fresh and --data contradict each other'],
  [['--consul', 'redis://10.0.0.4'], 'What --consul names is no address of such a server'],
  [['--redis', 'localhost:6379'], 'What --redis names is no address of such a server'],
  [['--port', '70000'], '"70000" is not a port'],
  [['--log', 'loud'], '"loud" is not a log level'],
  [['--replica', '2'], "Unknown option '--replica'"],
])('%j is refused in one sentence', (argv, sentence) => {
  const read = () => readArguments(argv);
  expect(read).toThrow(UserError);
  expect(read).toThrow(sentence);
});

test('a password that was put where it does not fit is not shown', () => {
  expect(() => readArguments(['--redis', 'http://:geheim@10.0.0.6'])).toThrow(/^(?!.*geheim)/s);
});
