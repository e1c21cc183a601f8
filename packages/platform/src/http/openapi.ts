import { STATUS_CODES } from 'node:http';
import type { FastifyDynamicSwaggerOptions, SwaggerTransformObject } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

const introduction = `Routes that ask who calls want \`Authorization: Bearer <access token>\`.

Every error is a problem document (RFC 9457): \`code\` is stable, \`detail\` is in the language of \`Accept-Language\`
(en, id), \`requestId\` is in the logs. \`429\` and \`503\` say \`Retry-After\`. A field that a route does not know is a \`400\`.

Lists come in pages: send \`nextCursor\` as \`cursor\` until it is null.`;

const common: NonNullable<FastifyDynamicSwaggerOptions['openapi']> = {
  openapi: '3.1.0',
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    schemas: {
      Problem: {
        type: 'object',
        description: 'RFC 9457; some codes bring further fields.',
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          code: { type: 'string', description: 'Stable, e.g. REQUEST_INVALID' },
          detail: { type: 'string', description: 'For the person who reads it' },
          requestId: { type: 'string' },
          errors: {
            type: 'array',
            description: 'With REQUEST_INVALID: what does not fit, and where',
            items: {
              type: 'object',
              properties: {
                path: { type: 'string' },
                code: { type: 'string', description: 'Stable, e.g. FIELD_MISSING' },
                message: { type: 'string', description: 'For the person who reads it' },
              },
              required: ['path', 'message'],
            },
          },
        },
        required: ['type', 'title', 'status', 'code', 'detail'],
      },
    },
    responses: {
      Problem: {
        description: 'A problem document',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  },
};

/** How the schemas of the routes become an OpenAPI 3.1 document. */
export function openApiOptions(title: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: { ...common, info: { title, version: '1', description: introduction } },
    transform: jsonSchemaTransform,
    transformObject: (routes) => complete(jsonSchemaTransformObject(routes)),
  };
}

/** Says of every operation what holds for all, and drops what a reader of the document does not need. */
function complete(document: ReturnType<SwaggerTransformObject>): ReturnType<SwaggerTransformObject> {
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path ?? {})) {
      if (isObject(operation) && isObject(operation.responses)) describeResponses(operation.responses);
    }
  }
  dropNoise(document);
  return document;
}

function describeResponses(responses: Record<string, unknown>): void {
  for (const [status, response] of Object.entries(responses)) {
    if (isObject(response) && response.description === 'Default Response') {
      response.description = STATUS_CODES[status] ?? '';
    }
  }
  responses.default = { $ref: '#/components/responses/Problem' };
}

/** Zod writes the regular expression of each format and the bounds of each integer out. */
function dropNoise(node: unknown): void {
  if (!isObject(node)) return;
  if (typeof node.format === 'string') delete node.pattern;
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
  for (const child of Object.values(node)) dropNoise(child);
}

function isObject(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null;
}
