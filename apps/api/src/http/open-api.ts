import { applyDecorators } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiResponse, DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { errorBody } from '#libs/wire';

type SchemaObject = Extract<NonNullable<Parameters<typeof ApiResponse>[0]>, { schema: unknown }>['schema'];

/** Documents what a route answers with, from the schema that the console checks it by. */
export function Answers(schema: z.ZodType, status = 200): MethodDecorator {
  return applyDecorators(ApiResponse({ status, schema: openApiSchema(schema, 'output'), description: '' }));
}

/** Serves the description of every route: a page at `/api/docs`, the document at `/api/docs-json`. */
export function serveOpenApi(app: NestExpressApplication, version: string): OpenAPIObject {
  const head = new DocumentBuilder()
    .setTitle('Atalaya')
    .setDescription('Sign in with POST /api/session; the cookie it sets goes with every other request.')
    .setVersion(version)
    .addCookieAuth('atalaya_session')
    .addSecurityRequirements('cookie')
    .addGlobalResponse({ status: '4XX', description: 'Refused', schema: openApiSchema(errorBody, 'output') })
    .build();
  const document = SwaggerModule.createDocument(app, head, {
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? { schema: openApiSchema(schema, schemaType) } : undefined,
  });
  SwaggerModule.setup('api/docs', app, document, { raw: ['json'], customSiteTitle: 'Atalaya API' });
  return document;
}

/** OpenAPI 3.0 has its own dialect of JSON Schema; zod writes it. */
function openApiSchema(schema: z.ZodType, io: 'input' | 'output'): SchemaObject {
  return z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) as SchemaObject;
}
