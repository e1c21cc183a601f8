import type { Plugin } from 'vite';

const ofFrame =
  /src\/(api|gallery|i18n|shell|ui|find\/e)\/|src\/find\/(room|page)\.tsx|node_modules\/(lucide-react|@tanstack)\//;

/**
 * Few files: one is compressed better than many, and over HTTP/1.1 many wait for each other. A group takes along what its files import, unless a
 * group before it has that. `frame` is what the rooms share, with the pages to which links from outside lead; `find` are the other pages
 * of that room.
 */
export const chunkGroups = [
  { name: 'start', priority: 3, test: /src\/main\.tsx$/ },
  { name: 'frame', priority: 2, test: ofFrame },
  { name: 'find', priority: 1, test: /src\/find\/(?!find-me\/selfie\/challenge)/ },
];

/** Lets the browser fetch the frame beside the start, not after it. */
export function preloadFrame(): Plugin {
  return {
    name: 'preload-frame',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle)
          .filter((chunk) => chunk.type === 'chunk' && chunk.name === 'frame')
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
            injectTo: 'head' as const,
          })),
    },
  };
}
