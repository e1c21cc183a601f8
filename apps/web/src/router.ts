import { createRouter } from '@tanstack/react-router';
import { routeTree } from './route-tree.gen.ts';
import { Failed } from './shell/failed.tsx';
import { NotFound } from './shell/not-found.tsx';

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
