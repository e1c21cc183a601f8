import './style.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { startSession } from './api/session.ts';
import { currentLanguage } from './i18n/language.ts';
import { router } from './router.ts';
import { registerServiceWorker } from './shell/register-service-worker.ts';
import { startTheme } from './ui/theme.ts';

startTheme();
document.documentElement.lang = currentLanguage();
startSession().catch(() => {
  // It tries again by itself.
});
registerServiceWorker();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no place for the app');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
