import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';

type ServiceFaultKind = 'kill' | 'freeze' | 'roll';
type ServerFaultKind =
  | 'restart-redis'
  | 'restart-postgres'
  | 'restart-faces'
  | 'consul-away'
  | 's3-503'
  | 'poison'
  | 'disk-full'
  | 'database-away-behind-proxy';

export type PlannedFault =
  | { readonly kind: ServiceFaultKind; readonly service: ServiceName }
  | { readonly kind: ServerFaultKind };

/** How much of everything; the report repeats it. */
export interface Plan {
  readonly requestsPerSecond: number;
  /** Reached at the least; of these, those per second come while faults happen, the rest after. */
  readonly uploads: number;
  readonly uploadsPerSecond: number;
  readonly orders: number;
  readonly ordersPerSecond: number;
  readonly creators: number;
  readonly buyers: number;
  /** Enrolled before the first fault; more enrol meanwhile. */
  readonly members: number;
  /** Of those, how many withdraw their consent during the run. */
  readonly leavers: number;
  readonly freezeSeconds: number;
  readonly consulAwaySeconds: number;
  readonly s3DownSeconds: number;
  /** Load before and after what happens, with uploads and orders under way. */
  readonly leadSeconds: number;
  readonly tailSeconds: number;
  readonly faults: readonly PlannedFault[];
}

const each = (kind: ServiceFaultKind): PlannedFault[] => serviceNames.map((service) => ({ kind, service }));

export const fullPlan: Plan = {
  requestsPerSecond: 24,
  uploads: 300,
  uploadsPerSecond: 1.2,
  orders: 200,
  ordersPerSecond: 0.8,
  creators: 4,
  buyers: 24,
  members: 6,
  leavers: 2,
  freezeSeconds: 10,
  consulAwaySeconds: 20,
  s3DownSeconds: 10,
  leadSeconds: 4,
  tailSeconds: 6,
  faults: [
    ...each('kill'),
    ...each('freeze'),
    { kind: 'restart-redis' },
    { kind: 'restart-postgres' },
    { kind: 'restart-faces' },
    { kind: 'consul-away' },
    { kind: 's3-503' },
    { kind: 'poison' },
    { kind: 'disk-full' },
    { kind: 'database-away-behind-proxy' },
    ...each('roll'),
  ],
};

/** Each kind of fault at least once. */
export const shortPlan: Plan = {
  ...fullPlan,
  requestsPerSecond: 20,
  uploads: 60,
  uploadsPerSecond: 0.6,
  orders: 40,
  ordersPerSecond: 0.5,
  creators: 2,
  buyers: 8,
  members: 3,
  leavers: 1,
  freezeSeconds: 5,
  consulAwaySeconds: 6,
  s3DownSeconds: 5,
  leadSeconds: 2,
  tailSeconds: 2,
  faults: [
    { kind: 'kill', service: 'upload' },
    { kind: 'kill', service: 'transaction' },
    { kind: 'freeze', service: 'photo' },
    { kind: 'restart-redis' },
    { kind: 'restart-postgres' },
    { kind: 'restart-faces' },
    { kind: 'consul-away' },
    { kind: 's3-503' },
    { kind: 'poison' },
    { kind: 'disk-full' },
    { kind: 'database-away-behind-proxy' },
    { kind: 'roll', service: 'user' },
  ],
};

/** `kill-upload`, `restart-redis`. */
export function nameOf(fault: PlannedFault): string {
  return 'service' in fault ? `${fault.kind}-${fault.service}` : fault.kind;
}

/** The plan with those faults alone whose name is `only` or begins with it: `kill` or `kill-upload`. */
export function onlyFaults(plan: Plan, only: string | undefined): Plan {
  if (only === undefined) return plan;
  const faults = fullPlan.faults.filter((fault) => nameOf(fault) === only || fault.kind === only);
  return { ...plan, faults };
}
