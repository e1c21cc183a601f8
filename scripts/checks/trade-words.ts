// platform is for any service of any product: no word of the trade stands in its code, names, texts and comments alike.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from './list-files.ts';
import { report } from './report.ts';

const PLATFORM = /^packages\/platform\/src\/.*\.ts$/;
/** Tests and what they share may take their examples from the trade. */
const TESTS = /\.test\.ts$|\/testing\//;
/** What the glossary names in more than one word, or not at all. An event is one of the outbox here, an order that of a list. */
const MORE = [
  ...[
    'buyer',
    'consent',
    'erasure',
    'face',
    'ledger',
    'payment',
    'photo',
    'photographer',
    'picture',
    'price',
    'rupiah',
  ],
  ...['sale', 'seller', 'selfie', 'template', 'wallet', 'watermark', 'withdrawal'],
];
/** Words of the glossary that are of platform too. */
const EXCEPTIONS: Record<string, string> = {
  cut: 'breaks off or is shortened',
  hint: 'a message without a fact is sent by any service',
  quarantine: 'holds whatever killed its process, a picture or not',
  match: 'If-None-Match, a header of HTTP',
  original: 'a field of gRPC reflection',
  processed: 'the text of a 422',
  question: 'is asked of any service',
  refusal: 'is the expected error of any service',
};

const root = process.cwd();
const forbidden = listForbidden(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
const files = listFiles(root).filter((file) => PLATFORM.test(file) && !TESTS.test(file));
report(
  files.flatMap((file) => findWords(file, readFileSync(join(root, file), 'utf8'))),
  'Say what it is to any service, or move it to a package of the trade.',
);

function listForbidden(architecture: string): Set<string> {
  const glossary = architecture.split('\n## ').find((section) => section.startsWith('Glossary')) ?? '';
  const cells = [...glossary.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => cell.split(' · '));
  const words = cells.filter((cell) => /^[a-z]+$/.test(cell) && cell !== 'word');
  return new Set([...words, ...MORE].filter((word) => !(word in EXCEPTIONS)));
}

function findWords(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
    const found = words.filter((word) => singularsOf(word.toLowerCase()).some((one) => forbidden.has(one)));
    return found.map((word) => `a word of the trade: ${file}:${index + 1} (${word})`);
  });
}

function singularsOf(word: string): string[] {
  return [word, word.replace(/s$/, ''), word.replace(/es$/, ''), word.replace(/ies$/, 'y')];
}
