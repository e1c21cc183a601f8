import tailwindcss from '@tailwindcss/vite';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import { defineConfig } from 'vite';
import { chunkGroups, preloadFrame } from './chunks.config.ts';
import { routerOptions } from './routes.config.ts';

/** Where `npm run dev` finds a running installation. */
const installation = process.env.KILAS_URL ?? 'http://localhost:3000';
const api = ['/v1', '/openapi.json', '/docs', '/dev', '/sandbox', '/demo', '/readyz'];

export default defineConfig({
  // The app is written for React and runs on Preact, a fifth of its size: see docs/adr.
  resolve: {
    alias: [
      { find: /^react$/, replacement: 'preact/compat' },
      { find: /^react-dom$/, replacement: 'preact/compat' },
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
      { find: /^react\/jsx-dev-runtime$/, replacement: 'preact/jsx-dev-runtime' },
      { find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: 'preact/compat' },
      // Its index holds the WebAssembly of every checksum there is; uploads need one.
      { find: /^hash-wasm$/, replacement: 'hash-wasm/dist/sha256.umd.min.js' },
    ],
    dedupe: ['preact'],
  },
  plugins: [tanstackRouter(routerOptions), tailwindcss(), preloadFrame()],
  // Beside what else is made and may go at any time.
  cacheDir: '../../node_modules/.cache/vite-web',
  build: {
    outDir: '../../node_modules/.cache/web',
    emptyOutDir: true,
    target: 'es2023',
    // Photos are the weight of a page, so a map of the code may come along; browsers load it only for developers.
    sourcemap: true,
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
  },
  server: {
    proxy: Object.fromEntries(api.map((prefix) => [prefix, { target: installation, changeOrigin: true }])),
  },
});
