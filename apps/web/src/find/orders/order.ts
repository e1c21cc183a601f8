import type { Answer } from '../../api/api.ts';

export type Order = Answer<'/v1/orders/{orderId}'>;
