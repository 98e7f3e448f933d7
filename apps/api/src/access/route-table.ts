import { RequestMethod, type INestApplication } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ROUTE_ACCESS, type RouteAccess } from './requires.ts';

/** One route of the api and what it asks of its caller. */
export interface RouteRow {
  /** `Controller.method`. */
  readonly handler: string;
  readonly method: string;
  /** With its parameters: `/api/cameras/:id`. */
  readonly path: string;
  readonly access: RouteAccess | undefined;
}

/** Every route of every controller. Needs `DiscoveryModule` among the imports. */
export function routeTable(app: INestApplication): RouteRow[] {
  const reflector = app.get(Reflector);
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, object>;
      return scanner.getAllMethodNames(prototype).flatMap((name): RouteRow[] => {
        const handler = prototype[name] as (() => unknown) | undefined;
        if (!handler || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
        const access = reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, [handler, metatype]);
        const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] ?? 'ALL';
        const path = pathOf(Reflect.getMetadata(PATH_METADATA, metatype), Reflect.getMetadata(PATH_METADATA, handler));
        return [{ handler: `${metatype.name}.${name}`, method, path, access }];
      });
    });
}

/** @throws {Error} naming each route that says neither `@Requires`, `@LocalOrRequires` nor `@Public`. */
export function demandDeclaredAccess(routes: readonly RouteRow[]): void {
  const silent = routes.filter((route) => route.access === undefined).map((route) => route.handler);
  if (silent.length > 0) throw new Error(`routes without @Requires or @Public: ${silent.join(', ')}`);
}

function pathOf(...parts: unknown[]): string {
  const steps = parts.flatMap((part) => String(part).split('/')).filter((step) => step !== '');
  return `/${steps.join('/')}`;
}
