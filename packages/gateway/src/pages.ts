import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import reference from '@scalar/fastify-api-reference';

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

/** The OpenAPI document of all services and its reference page. */
export async function registerPages(
  app: HttpApp,
  document: () => object | Promise<object> = () => app.swagger(),
): Promise<void> {
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
