import { expect, test } from 'vitest';
import { proxyTags, routePrefixOf } from './proxy-tags.ts';

test('the proxy sends what begins like the routes of a service to its HTTP port', () => {
  expect(proxyTags({ service: 'photo', httpPort: 5102, prefixes: ['/v1/photos', '/v1/me'] })).toEqual([
    'kilas.enable=true',
    'kilas.http.routers.kilas-photo.rule=Path(`/v1/photos`) || PathPrefix(`/v1/photos/`) || Path(`/v1/me`) || PathPrefix(`/v1/me/`)',
    'kilas.http.services.kilas-photo.loadbalancer.server.port=5102',
  ]);
});

test('a service without routes stays hidden from the proxy', () => {
  expect(proxyTags({ service: 'ai', httpPort: 5104, prefixes: [] })).toEqual([]);
});

test.each([
  ['/v1/photos/:photoId/link', '/v1/photos'],
  ['/v1/photos', '/v1/photos'],
  ['/verify-email', '/verify-email'],
  ['/sandbox/pay/:id', '/sandbox'],
])('the route %s begins with %s', (url, prefix) => {
  expect(routePrefixOf(url)).toBe(prefix);
});
