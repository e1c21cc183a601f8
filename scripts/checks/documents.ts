// Documents: every link leads somewhere, every page is reached from README.md, no merge was left half done.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

const LINK = /\]\(([^)\s]+)\)/g;
const CODE = /```[\s\S]*?```|`[^`\n]*`/g;
const HALF_MERGED = /^(<{7}|>{7}) /m;

/** Problems of the Markdown files among `files`, paths below `root`. A link to a folder reaches the pages in it. */
export function findDocumentProblems(root: string, files: readonly string[]): string[] {
  const pages = new Map(
    files.filter((file) => file.endsWith('.md')).map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  );
  const reached = new Set<string>(pages.has('README.md') ? ['README.md'] : []);
  // A set hands out what is added to it meanwhile.
  for (const page of reached) {
    for (const { target } of listLinks(page, pages.get(page) ?? '')) {
      for (const next of pages.keys()) if (next === target || posix.dirname(next) === target) reached.add(next);
    }
  }
  const halfMerged = [...pages].filter(([, text]) => HALF_MERGED.test(text)).map(([page]) => `half merged: ${page}`);
  const lost = [...pages.keys()].filter((page) => !reached.has(page)).map((page) => `no link leads to it: ${page}`);
  return [...halfMerged, ...lost, ...[...pages].flatMap(([page, text]) => findDeadLinks(root, page, text))];
}

function findDeadLinks(root: string, page: string, text: string): string[] {
  const dead = listLinks(page, text).filter(({ target, anchor }) => {
    const path = join(root, target);
    if (!existsSync(path)) return true;
    return anchor !== '' && !statSync(path).isDirectory() && !listAnchors(readFileSync(path, 'utf8')).has(anchor);
  });
  return dead.map(({ link }) => `leads nowhere: ${link} in ${page}`);
}

function listLinks(page: string, text: string): { link: string; target: string; anchor: string }[] {
  return [...text.replace(CODE, '').matchAll(LINK)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = '', anchor = ''] = link.split('#');
    return [{ link, target: path === '' ? page : posix.join(posix.dirname(page), path), anchor }];
  });
}

/** As GitHub names them; of source no line. */
function listAnchors(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id)]);
}
