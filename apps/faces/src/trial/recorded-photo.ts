import { createRouterTransport, type Transport } from '@connectrpc/connect';
import { type Match, MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';

/** What ai tells the photo service: per photo and member what it told last, since ai itself knows which face counts. */
export class RecordedPhoto {
  readonly transport: Transport;
  readonly #matches = new Map<string, Match>();
  readonly #faceCounts = new Map<string, number>();

  constructor() {
    this.transport = createRouterTransport(({ service }) => {
      service(MatchService, {
        recordRecognition: ({ photoId, faceCount, matches }) => {
          this.#faceCounts.set(photoId, faceCount);
          this.#record(matches);
          return {};
        },
        recordMatches: ({ matches }) => {
          this.#record(matches);
          return {};
        },
        failRecognition: () => ({}),
        forgetFacecam: () => ({}),
      });
    });
  }

  matchesOf(photoId: string): Match[] {
    return [...this.#matches.values()].filter((match) => match.photoId === photoId);
  }

  faceCountOf(photoId: string): number {
    return this.#faceCounts.get(photoId) ?? 0;
  }

  #record(matches: readonly Match[]): void {
    for (const match of matches) this.#matches.set(`${match.photoId} ${match.memberId}`, match);
  }
}
