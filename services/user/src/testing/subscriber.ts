import { create, type DescMessage, fromBinary, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import {
  type DeletionProofSchema,
  DeliverResponseSchema,
  EventService,
} from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import type { TestSystem } from '@kilas/testkit/start-system.ts';

type Proof = MessageInitShape<typeof DeletionProofSchema>;

/** Stands where another service listens: keeps what it is told and answers with the effects given, and the proof, if any. */
export function listenAs<Event extends DescMessage>(
  system: TestSystem,
  service: string,
  event: Event,
  effects: Record<string, number> = {},
  prove: () => Proof | undefined = () => undefined,
): { readonly heard: MessageShape<Event>[]; leave(): void } {
  const heard: MessageShape<Event>[] = [];
  const leave = system.network.serve(service, {
    interceptors: [],
    routes: (router) => {
      router.service(EventService, {
        deliver: (request) => {
          if (request.type === event.typeName) heard.push(fromBinary(event, request.payload));
          const proof = prove();
          return create(DeliverResponseSchema, { effects, ...(proof === undefined ? {} : { proof }) });
        },
      });
    },
  });
  return { heard, leave };
}
