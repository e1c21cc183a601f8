export const serviceNames = ['user', 'photo', 'transaction', 'ai', 'upload'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Something for each service. */
export function eachService<Value>(make: (service: ServiceName) => Value): Record<ServiceName, Value> {
  return {
    user: make('user'),
    photo: make('photo'),
    transaction: make('transaction'),
    ai: make('ai'),
    upload: make('upload'),
  };
}
