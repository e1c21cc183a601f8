import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import {
  ServerReflection,
  type ServerReflectionResponse,
} from '@kilas/contracts/gen/grpc/reflection/v1/reflection_pb.js';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { expect, onTestFinished, test } from 'vitest';
import { openLog } from '../process/log.ts';
import type { RpcRoutes } from './rpc.ts';
import { registerRpc, serveRpc, serverInterceptors } from './rpc-server.ts';

const routes: RpcRoutes = (router) =>
  registerRpc(router, SessionService, { authenticate: [] }, { authenticate: () => ({}) });

test('a tool without a token learns which services there are, and what their messages look like', async () => {
  const url = await serve(true);
  const list = await ask(url, { case: 'listServices', value: '' });
  expect(list).toMatchObject({ case: 'listServicesResponse', value: { service: [{ name: SessionService.typeName }] } });
  for (const symbol of [SessionService.typeName, `${SessionService.typeName}.Authenticate`]) {
    const answer = await ask(url, { case: 'fileContainingSymbol', value: symbol });
    if (answer.case !== 'fileDescriptorResponse') throw new Error(`answered with ${answer.case}`);
    const files = answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    expect(files.flatMap(({ service }) => service.map(({ name }) => name))).toContain('SessionService');
  }
});

test('what is not served is not described', async () => {
  const url = await serve(true);
  const answer = await ask(url, { case: 'fileByFilename', value: 'etc/passwd' });
  expect(answer).toMatchObject({ case: 'errorResponse', value: { errorCode: Code.NotFound } });
});

test('without being asked for by the configuration nothing is told', async () => {
  const url = await serve(false);
  await expect(ask(url, { case: 'listServices', value: '' })).rejects.toMatchObject({ code: Code.Unimplemented });
});

async function serve(isReflected: boolean): Promise<string> {
  const interceptors = serverInterceptors(async () => undefined, openLog('test', 'silent'));
  const server = await serveRpc({ host: '127.0.0.1', port: 0, routes, interceptors, isReflected });
  onTestFinished(() => server.stop());
  return server.url;
}

type Question = { case: 'listServices' | 'fileByFilename' | 'fileContainingSymbol'; value: string };

async function ask(url: string, messageRequest: Question): Promise<ServerReflectionResponse['messageResponse']> {
  const client = createClient(ServerReflection, createGrpcTransport({ baseUrl: url }));
  const question = async function* () {
    yield { messageRequest };
  };
  for await (const { messageResponse } of client.serverReflectionInfo(question())) return messageResponse;
  throw new Error('no answer came');
}
