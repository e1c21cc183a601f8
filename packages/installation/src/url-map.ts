import type { ServiceName } from './service-names.ts';

/** The one address map over the five services: whatever begins with a prefix is answered by its service. */
export const urlMap: readonly { readonly prefix: string; readonly service: ServiceName }[] = [
  { prefix: '/v1/auth', service: 'user' },
  { prefix: '/v1/me', service: 'user' },
  { prefix: '/verify-email', service: 'user' },
  { prefix: '/dev', service: 'user' },
  { prefix: '/v1/uploads', service: 'upload' },
  { prefix: '/v1/facecams', service: 'upload' },
  { prefix: '/v1/objects', service: 'upload' },
  { prefix: '/v1/archives', service: 'upload' },
  { prefix: '/v1/events', service: 'photo' },
  { prefix: '/v1/explore', service: 'photo' },
  { prefix: '/v1/photos', service: 'photo' },
  { prefix: '/v1/creator', service: 'photo' },
  { prefix: '/v1/cart', service: 'photo' },
  { prefix: '/v1/wishlist', service: 'photo' },
  { prefix: '/v1/favourites', service: 'photo' },
  { prefix: '/v1/checkout', service: 'transaction' },
  { prefix: '/v1/orders', service: 'transaction' },
  { prefix: '/v1/purchases', service: 'transaction' },
  { prefix: '/v1/wallet', service: 'transaction' },
  { prefix: '/v1/payments', service: 'transaction' },
  { prefix: '/sandbox', service: 'transaction' },
];
