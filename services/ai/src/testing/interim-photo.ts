import type {
  FailRecognitionRequest,
  Match,
  RecordRecognitionRequest,
} from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import type { TestSystem } from '@kilas/testkit/start-system.ts';

export function servePhoto(system: TestSystem) {
  const matches = new Map<string, Match>();
  const recognitions = new Map<string, RecordRecognitionRequest>();
  const failures: FailRecognitionRequest[] = [];
  const upsert = (list: Match[]) => {
    for (const match of list) {
      const key = `${match.photoId} ${match.memberId}`;
      if ((matches.get(key)?.distance ?? 9) > match.distance) matches.set(key, match);
    }
  };
  system.network.serve('photo', {
    interceptors: [],
    routes: (router) => {
      router.service(MatchService, {
        recordRecognition: (r) => {
          recognitions.set(r.photoId, r);
          upsert(r.matches);
          return {};
        },
        failRecognition: (r) => {
          failures.push(r);
          return {};
        },
        recordMatches: (r) => {
          if (r.matches.length > 500) throw new Error('too many');
          upsert(r.matches);
          return {};
        },
        forgetFacecam: (r) => {
          for (const [k, m] of matches) if (m.facecamId === r.facecamId) matches.delete(k);
          return {};
        },
      });
    },
  });
  return {
    recognitions,
    failures,
    matchesOf: (memberId: string) => [...matches.values()].filter((m) => m.memberId === memberId),
  };
}
