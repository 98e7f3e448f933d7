import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Permission } from '#libs/access';

/** What a route asks of its caller. Every route says exactly one; one that says nothing stops the start. */
export type RouteAccess =
  | { readonly kind: 'permission'; readonly permission: Permission }
  | { readonly kind: 'public' }
  /** A tracker or phone with a token; the guard of the positions slice decides. */
  | { readonly kind: 'device' }
  /** Open to this machine without login (probes, Prometheus); others need the permission. */
  | { readonly kind: 'local-or'; readonly permission: Permission };

export const ROUTE_ACCESS = 'atalaya:access';

/** The caller is signed in and its role allows `permission`. */
export const Requires = (permission: Permission): CustomDecorator =>
  SetMetadata(ROUTE_ACCESS, { kind: 'permission', permission } satisfies RouteAccess);

/** Nobody needs to be signed in. For the login itself and the static console alone. */
export const Public = (): CustomDecorator => SetMetadata(ROUTE_ACCESS, { kind: 'public' } satisfies RouteAccess);

/** Open to loopback callers, else as {@link Requires}. */
export const LocalOrRequires = (permission: Permission): CustomDecorator =>
  SetMetadata(ROUTE_ACCESS, { kind: 'local-or', permission } satisfies RouteAccess);
