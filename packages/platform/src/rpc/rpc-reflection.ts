import type { DescService } from '@bufbuild/protobuf';
import { type DescFile, toBinary } from '@bufbuild/protobuf';
import { nestedTypes } from '@bufbuild/protobuf/reflect';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import {
  ServerReflection,
  type ServerReflectionRequest,
} from '@kilas/contracts/gen/grpc/reflection/v1/reflection_pb.js';
import type { RpcRoutes } from './rpc.ts';

/**
 * Tells tools such as grpcurl what the port serves: the gRPC server reflection protocol, v1
 * (https://github.com/grpc/grpc/blob/master/doc/server-reflection.md). It needs no token, so use it only for development.
 */
export function reflectionRoutes(services: readonly DescService[]): RpcRoutes {
  const files = withDependencies(services.map(({ file }) => file));
  const fileOf = new Map<string, DescFile>();
  for (const file of files) {
    fileOf.set(`${file.name}.proto`, file);
    for (const type of nestedTypes(file)) fileOf.set(type.typeName, file);
    for (const service of file.services) {
      for (const method of service.methods) fileOf.set(`${service.typeName}.${method.name}`, file);
    }
  }
  const answer = ({ messageRequest }: ServerReflectionRequest) => {
    switch (messageRequest.case) {
      case 'listServices':
        return {
          case: 'listServicesResponse' as const,
          value: { service: services.map(({ typeName }) => ({ name: typeName })) },
        };
      case 'fileByFilename':
      case 'fileContainingSymbol':
        return describe(fileOf.get(messageRequest.value));
      case 'fileContainingExtension':
        return describe(undefined);
      case 'allExtensionNumbersOfType':
        return {
          case: 'allExtensionNumbersResponse' as const,
          value: { baseTypeName: messageRequest.value, extensionNumber: [] },
        };
      default:
        return refusal(Code.InvalidArgument, 'nothing is asked for');
    }
  };
  return (router) =>
    router.service(
      ServerReflection,
      {
        async *serverReflectionInfo(requests) {
          for await (const request of requests) {
            yield { validHost: request.host, originalRequest: request, messageResponse: answer(request) };
          }
        },
      },
      // Not the interceptors of the others, which ask who calls.
      { interceptors: [] },
    );
}

function describe(file: DescFile | undefined) {
  if (file === undefined) return refusal(Code.NotFound, 'no file served here declares it');
  const fileDescriptorProto = withDependencies([file]).map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return { case: 'fileDescriptorResponse' as const, value: { fileDescriptorProto } };
}

function refusal(code: Code, errorMessage: string) {
  return { case: 'errorResponse' as const, value: { errorCode: code, errorMessage } };
}

/** The files and all that they import, each once. */
function withDependencies(files: readonly DescFile[]): DescFile[] {
  const found = new Set<DescFile>();
  const visit = (file: DescFile) => {
    if (found.has(file)) return;
    found.add(file);
    for (const dependency of file.dependencies) visit(dependency);
  };
  for (const file of files) visit(file);
  return [...found];
}
