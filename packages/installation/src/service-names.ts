export const serviceNames = ['user', 'photo', 'transaction', 'ai', 'upload'] as const;
export type ServiceName = (typeof serviceNames)[number];
