import type { Plugin } from 'vite';

/** What the entry needs at once: libraries, frame, and of each page the part that the router knows before its code. */
const ofEntry =
  /node_modules\/(preact|@tanstack|openapi-fetch)\/|src\/(api|i18n|shell)\/|\/(page|room)\.tsx$|src\/find\/(events\/|levels|photos\/filters)|src\/studio\/photo-states/;

/**
 * Few files: one is compressed better than many, and over HTTP/1.1 many wait for each other. `find` holds all pages of its room but that
 * of the selfie, whose camera and hints are loaded when they are wanted.
 */
export const chunkGroups = [
  { name: 'frame', priority: 3, test: ofEntry },
  { name: 'shared', priority: 2, test: /node_modules\/lucide|src\/(ui|gallery)\//, minShareCount: 12 },
  { name: 'find', priority: 1, test: /src\/find\/(?!find-me)/ },
];

/** Lets the browser fetch the pages of `find` beside the frame, not after it: nearly everybody comes for them. */
export function preloadFind(): Plugin {
  return {
    name: 'preload-find',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle)
          .filter((chunk) => chunk.type === 'chunk' && chunk.name === 'find')
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
            injectTo: 'head' as const,
          })),
    },
  };
}
