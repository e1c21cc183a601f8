import { globSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '@tanstack/router-plugin/vite';
import { index, layout, rootRoute, route } from '@tanstack/virtual-file-routes';

const sources = path.join(import.meta.dirname, 'src');

/**
 * The pages of a room. A page is a folder that holds `page.tsx`, and the folder's name is its address: `find/orders/$orderId/page.tsx`
 * answers `/orders/…`. Other files of the folder belong to the page alone.
 */
function pagesOf(room: string) {
  const files = globSync('**/page.tsx', { cwd: path.join(sources, room) }).sort();
  return files.map((file) => {
    const folder = path.dirname(file);
    return folder === '.' ? index(`${room}/${file}`) : route(`/${folder}`, `${room}/${file}`);
  });
}

export const routerOptions: Partial<Config> = {
  target: 'react',
  autoCodeSplitting: true,
  routesDirectory: sources,
  generatedRouteTree: path.join(sources, 'route-tree.gen.ts'),
  quoteStyle: 'single',
  semicolons: true,
  addExtensions: true,
  disableLogging: true,
  virtualRouteConfig: rootRoute('shell/root.tsx', [
    layout('find', 'find/room.tsx', pagesOf('find')),
    route('/studio', 'studio/room.tsx', pagesOf('studio')),
    route('/desk', 'desk/room.tsx', pagesOf('desk')),
  ]),
};
