import { getOption } from '@bufbuild/protobuf';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { PackService } from '@kilas/contracts/gen/kilas/ai/v1/pack_service_pb.js';
import { may_kill } from '@kilas/contracts/gen/kilas/platform/v1/options_pb.js';
import { expect, test } from 'vitest';

test('every call that looks at a picture says that it may kill its process, and no other call does', () => {
  const methods = [...FaceService.methods, ...PackService.methods];
  const deadly = methods.filter((method) => getOption(method, may_kill)).map(({ name }) => name);
  expect(deadly.sort()).toEqual(['EmbedPhoto', 'EnrolFacecam', 'InspectFacecam', 'ProcessPhoto']);
});
