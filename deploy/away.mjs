// What the proxy asks when there is nobody else: answers everything with 503, a problem document and when to come again.
import { createServer } from 'node:http';
import { problems } from '@kilas/messages/problems.ts';
import { localeOf, plainProblem } from '@kilas/platform/problems/problem.ts';

const server = createServer((request, response) => {
  request.resume();
  if (request.url === '/healthz') return response.end('ok');
  const locale = localeOf(request.headers['accept-language']);
  const problem = plainProblem(503, 'SERVICE_UNAVAILABLE', problems, locale);
  response.writeHead(503, {
    'content-type': 'application/problem+json',
    'retry-after': '5',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  return response.end(JSON.stringify(problem));
});
server.listen(Number(process.env.HTTP_PORT ?? '8080'));
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());
