/** What can be away. The proxy is no part: nothing reaches anything without it, and the drill leaves it alone. */
export const parts = [
  'user',
  'photo',
  'transaction',
  'ai',
  'upload',
  'postgres',
  'faces',
  'redis',
  'consul',
  's3',
  'disk',
] as const;

/** A service stands for any one of its replicas, `faces` for ai's database, `postgres` for those of the other four, `disk` for the room in the spools. */
export type Part = (typeof parts)[number];

export interface Route {
  readonly request: string;
  /** It may fail while one of these is wholly away, and only then. */
  readonly needs: readonly Part[];
  readonly because: string;
}

const token = 'user says whose token it is, from its database';

/**
 * Which parts each request of the load needs, settled before anything runs: a request that fails although they all live is a
 * failure of the installation. Nothing needs Redis or Consul: without them a service counts and remembers for itself, and
 * goes on with the addresses that it knew.
 */
export const routes = {
  register: {
    request: 'POST /v1/auth/register',
    needs: ['user', 'postgres'],
    because: 'a row and a job in one database',
  },
  mail: { request: 'GET /dev/mail.json', needs: ['user'], because: 'mails are files that every replica of user sees' },
  verify: { request: 'POST /v1/auth/verify', needs: ['user', 'postgres'], because: 'the account is made' },
  'sign-in': {
    request: 'POST /v1/auth/sign-in',
    needs: ['user', 'postgres'],
    because: 'password and session are rows',
  },
  refresh: { request: 'POST /v1/auth/refresh', needs: ['user', 'postgres'], because: 'the session is a row' },
  me: { request: 'GET /v1/me', needs: ['user', 'postgres'], because: token },
  consent: {
    request: 'GET|PUT|DELETE /v1/me/consent',
    needs: ['user', 'postgres'],
    because: 'others hear of it by events',
  },
  notifications: { request: 'GET /v1/me/notifications', needs: ['user', 'postgres'], because: token },
  'notifications-read': { request: 'POST /v1/me/notifications/read', needs: ['user', 'postgres'], because: token },
  creator: { request: 'POST /v1/me/creator', needs: ['user', 'postgres'], because: 'photo hears of it by an event' },

  events: { request: 'GET /v1/events', needs: ['photo', 'postgres'], because: 'read without a token' },
  'event-create': { request: 'POST /v1/events', needs: ['photo', 'user', 'postgres'], because: token },
  'event-photos': {
    request: 'GET /v1/events/:eventId/photos',
    needs: ['photo', 'postgres'],
    because: 'a public event, read without a token; links are signed without asking the storage',
  },
  explore: { request: 'GET /v1/explore', needs: ['photo', 'user', 'postgres'], because: token },
  photo: { request: 'GET /v1/photos/:photoId', needs: ['photo', 'user', 'postgres'], because: token },
  'creator-photos': { request: 'GET /v1/creator/photos', needs: ['photo', 'user', 'postgres'], because: token },
  wishlist: { request: 'PUT|GET /v1/wishlist', needs: ['photo', 'user', 'postgres'], because: token },
  preview: { request: 'GET <previewUrl>', needs: ['s3'], because: 'the link leads to the storage itself' },

  upload: {
    request: 'POST /v1/uploads/photo',
    needs: ['upload', 'user', 'photo', 's3', 'postgres', 'disk'],
    because: 'the 201 says that the original stands in the storage and that photo knows it; images are made later',
  },
  'upload-state': { request: 'GET /v1/uploads/:photoId', needs: ['upload', 'user', 'postgres'], because: token },
  facecams: { request: 'GET /v1/facecams', needs: ['upload', 'user', 'postgres'], because: token },
  selfie: {
    request: 'POST /v1/facecams',
    needs: ['upload', 'user', 'ai', 's3', 'postgres', 'disk'],
    because: 'ai looks at the selfie before it is taken, without its database; then it is stored',
  },

  'order-preview': {
    request: 'POST /v1/checkout/preview',
    needs: ['transaction', 'user', 'photo', 'postgres'],
    because: 'photo says what photos cost',
  },
  'order-create': {
    request: 'POST /v1/orders',
    needs: ['transaction', 'user', 'photo', 'postgres'],
    because: 'photo says what photos cost, once more',
  },
  pay: { request: 'POST /sandbox/payments/:token', needs: ['transaction', 'postgres'], because: 'the notice is a job' },
  order: { request: 'GET /v1/orders/:orderId', needs: ['transaction', 'user', 'postgres'], because: token },
  orders: { request: 'GET /v1/orders', needs: ['transaction', 'user', 'postgres'], because: token },
  purchases: {
    request: 'GET /v1/purchases',
    needs: ['transaction', 'user', 'postgres'],
    because: 'without photo the list comes without pictures',
  },
  download: {
    request: 'GET /v1/purchases/:photoId/download',
    needs: ['transaction', 'user', 'photo', 'postgres'],
    because: 'photo signs the link',
  },
  original: { request: 'GET <url of a download>', needs: ['s3'], because: 'the link leads to the storage itself' },
  wallet: { request: 'GET /v1/wallet', needs: ['transaction', 'user', 'postgres'], because: token },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
