/** Keeps the shell on the device, so that the app opens without a network. Only the built app has a service worker. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('/service-worker.js').catch(() => {
      // The app works without it.
    });
  });
}
