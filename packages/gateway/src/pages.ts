import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import reference from '@scalar/fastify-api-reference';

const home = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kilas</title>
<link rel="icon" href="data:,">
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto; padding: 0 1.5rem; color: #1c2430 }
  h1 { font-size: 2rem; margin-bottom: 0 } .sub { color: #5a6675; margin-top: .25rem }
  li { margin: .5rem 0 } a { color: #0b63ce } code { background: #eef1f5; padding: .1rem .3rem; border-radius: .25rem; white-space: nowrap }
  @media (prefers-color-scheme: dark) { body { background: #12161c; color: #e6eaf0 } .sub { color: #9aa7b6 }
    a { color: #74b3ff } code { background: #232b35 } }
</style>
<h1>Kilas</h1>
<p class="sub">Event photos, found by face.</p>
<p>Photographers upload the pictures of a race, a concert, a street. You enrol one selfie and find every photo in which
you appear, buy the originals, and the photographer is paid. This is the REST API of the installation on this machine.</p>
<ul>
  <li><a href="/docs">API reference</a> – every route, to read and to try; the document is <a href="/openapi.json">OpenAPI 3.1</a></li>
  <li><a href="/dev/mail">Local mail outbox</a> – verification mails land here instead of being sent</li>
  <li><a href="/sandbox/payments">Sandbox payments</a> – orders are paid here with play money</li>
  <li><a href="/readyz">State of the services</a> – what is ready; the face models take some seconds after the first start</li>
</ul>
<p>To begin, in the API reference:</p>
<ol>
  <li><code>POST /v1/auth/register</code>, then open the link in the mail outbox</li>
  <li><code>POST /v1/auth/sign-in</code>; its <code>accessToken</code> is the bearer token of all other routes</li>
  <li>to sell: <code>POST /v1/me/creator</code>, <code>POST /v1/uploads/photo</code></li>
  <li>to be found: <code>PUT /v1/me/consent</code>, <code>POST /v1/facecams</code>, <code>GET /v1/explore</code></li>
</ol>
<p>Or watch the whole job once, in a terminal: <code>npm run demo</code></p>
</html>
`;

/** The page's maker offers it services elsewhere: what is typed there, tokens too, stays here. */
const referencePolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** The home page, the OpenAPI document of all services and its reference page. */
export async function registerPages(
  app: HttpApp,
  document: () => object | Promise<object> = () => app.swagger(),
): Promise<void> {
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(home),
  );
  app.get('/openapi.json', { schema: { hide: true } }, async () => ({
    ...(await document()),
    servers: [{ url: '/' }],
  }));
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', referencePolicy);
    });
    await scope.register(reference, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        withDefaultFonts: false,
        pageTitle: 'Kilas API',
        authentication: { preferredSecurityScheme: 'bearer' },
        telemetry: false,
        agent: { disabled: true },
        mcp: { disabled: true },
        showDeveloperTools: 'never',
        hideClientButton: true,
      },
    });
  });
}
