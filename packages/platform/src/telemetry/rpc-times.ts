import type { DescMethod } from '@bufbuild/protobuf';
import type { Histogram } from 'prom-client';
import { histogram, requestSeconds } from './metrics.ts';

const labels = ['service', 'rpc_service', 'rpc_method', 'code'] as const;
type Label = (typeof labels)[number];

const asked = histogram(
  'kilas_rpc_client_duration_seconds',
  'Calls to other services, by their end',
  labels,
  requestSeconds,
);
const answered = histogram('kilas_rpc_server_duration_seconds', 'Calls answered, by their end', labels, requestSeconds);

/** Records a call of a method that ended with a code. */
export type RecordCall = (method: DescMethod, code: string, startedAt: number) => void;

export const callsAsked = (service: string): RecordCall => recorder(asked, service);
export const callsAnswered = (service: string): RecordCall => recorder(answered, service);

function recorder(times: Histogram<Label>, service: string): RecordCall {
  // Looking a series up by its labels costs more than all the rest.
  const series = new WeakMap<DescMethod, Map<string, Histogram.Internal<Label>>>();
  return (method, code, startedAt) => {
    const byCode = series.get(method) ?? new Map<string, Histogram.Internal<Label>>();
    const one = byCode.get(code) ?? times.labels(service, method.parent.typeName, method.name, code);
    series.set(method, byCode.set(code, one));
    one.observe((performance.now() - startedAt) / 1000);
  };
}
