import {
  Injectable,
  SetMetadata,
  UseGuards,
  applyDecorators,
  createParamDecorator,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { ROUTE_ACCESS, type RouteAccess } from '../access/requires.ts';
import { DeviceRegistry, type KnownDevice } from './device-registry.ts';
import { tokenOfBasic } from './device-token.ts';

type DeviceRequest = Request & { device?: KnownDevice };

/** Recognises a device by the token in its address or its `Basic` login, and holds it to its rate. */
@Injectable()
export class DeviceGuard implements CanActivate {
  constructor(private readonly registry: DeviceRegistry) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<DeviceRequest>();
    context.switchToHttp().getResponse<Response>().setHeader('Cache-Control', 'no-store');
    const { token } = request.params;
    request.device = this.registry.demand(
      typeof token === 'string' ? token : tokenOfBasic(request.headers.authorization),
    );
    return true;
  }
}

/** The route is for devices with a token, and for nobody else. */
export const FromDevice = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ROUTE_ACCESS, { kind: 'device' } satisfies RouteAccess), UseGuards(DeviceGuard));

/** Parameter decorator: the device of the request. Only on routes with {@link FromDevice}. */
export const Device = createParamDecorator((_data: unknown, context: ExecutionContext): KnownDevice => {
  const { device } = context.switchToHttp().getRequest<DeviceRequest>();
  if (!device) throw new Error('a report came past the guard of devices');
  return device;
});
