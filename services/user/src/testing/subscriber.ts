import { create, type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { DeliverResponseSchema, EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import type { TestSystem } from '@kilas/testkit/start-system.ts';

/** Stands where another service listens: keeps what it is told and answers with the effects given. */
export function listenAs<Event extends DescMessage>(
  system: TestSystem,
  service: string,
  event: Event,
  effects: Record<string, number> = {},
): { readonly heard: MessageShape<Event>[]; leave(): void } {
  const heard: MessageShape<Event>[] = [];
  const leave = system.network.serve(service, {
    interceptors: [],
    routes: (router) => {
      router.service(EventService, {
        deliver: (request) => {
          if (request.type === event.typeName) heard.push(fromBinary(event, request.payload));
          return create(DeliverResponseSchema, { effects });
        },
      });
    },
  });
  return { heard, leave };
}
