import type { z } from 'zod';
import { ok, refusal, refused, type Result } from '#libs/base';
import { clipNameOf, type ProfileRole } from '../clip/choice.ts';
import type { SimCamera, SimFaults } from '../model.ts';
import type { ReaderCounts, SentFrame } from '../rtsp/index.ts';
import { eventBody, faultsBody, rebootBody, sentQuery } from './bodies.ts';

/** What the control interface needs of a running camera. */
export interface ControlledCamera {
  readonly camera: SimCamera;
  readonly sessionCount: number;
  /** What was sent in each session. */
  readonly readers: readonly ({ readonly profile: ProfileRole } & ReaderCounts)[];
  sentOf(role: ProfileRole): readonly SentFrame[];
}

export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Handler = (request: ControlRequest, camera: ControlledCamera) => Result<unknown>;

/** Pure routing: a request in, the value of the answer or a refusal out. */
export class ControlRoutes {
  private readonly byId: ReadonlyMap<string, ControlledCamera>;
  private readonly handlers: Readonly<Record<string, Handler>> = {
    'GET ': (_, camera) => ok(viewOf(camera)),
    'PATCH faults': (request, camera) => this.setFaults(request, camera),
    'POST reboot': (request, camera) => this.reboot(request, camera),
    'POST events': (request, camera) => raise(request, camera),
    'GET sent': (request, camera) => sent(request, camera),
  };

  constructor(private readonly cameras: readonly ControlledCamera[]) {
    this.byId = new Map(cameras.map((camera) => [camera.camera.spec.id, camera]));
  }

  answer(request: ControlRequest): Result<unknown> {
    const { method, path } = request;
    if (method === 'GET' && path === '/health/live') return ok({ status: 'ok' });
    if (method === 'GET' && path === '/cameras') return ok({ cameras: this.cameras.map(viewOf) });
    if (method === 'PATCH' && path === '/faults') return this.setAllFaults(request);
    const match = /^\/cameras\/([\w-]{1,32})(?:\/([a-z]{1,16}))?$/.exec(path);
    const handler = match ? this.handlers[`${method} ${match[2] ?? ''}`] : undefined;
    if (!match || !handler) return refused(refusal('not-found', 'no-such-route', `${method} ${path}`.slice(0, 200)));
    const camera = this.byId.get(match[1]!);
    if (!camera) return refused(refusal('not-found', 'no-such-camera', `no camera ${match[1]}`));
    return handler(request, camera);
  }

  private setFaults(request: ControlRequest, controlled: ControlledCamera): Result<unknown> {
    const faults = faultsOf(request);
    if (!faults.ok) return faults;
    controlled.camera.setFaults(faults.value);
    return ok(viewOf(controlled));
  }

  /** The same fault on every camera at the same instant. */
  private setAllFaults(request: ControlRequest): Result<unknown> {
    const faults = faultsOf(request);
    if (!faults.ok) return faults;
    for (const { camera } of this.cameras) camera.setFaults(faults.value);
    return ok({ cameras: this.cameras.length });
  }

  private reboot(request: ControlRequest, controlled: ControlledCamera): Result<unknown> {
    const body = parsed(rebootBody, request.body ?? {});
    if (!body.ok) return body;
    const { host } = body.value;
    const holder = this.cameras.find(({ camera }) => camera.host === host && camera !== controlled.camera);
    if (holder) return refused(refusal('conflict', 'host-taken', `${host} belongs to ${holder.camera.spec.id}`));
    controlled.camera.reboot(host);
    return ok(viewOf(controlled));
  }
}

/** Those that are given; the others stay as they are. */
function faultsOf(request: ControlRequest): Result<Partial<SimFaults>> {
  const body = parsed(faultsBody, request.body);
  if (!body.ok) return body;
  return ok(Object.fromEntries(Object.entries(body.value).filter(([, value]) => value !== undefined)));
}

function raise(request: ControlRequest, { camera }: ControlledCamera): Result<unknown> {
  const body = parsed(eventBody, request.body);
  if (!body.ok) return body;
  camera.raise(body.value);
  return ok({ raised: body.value });
}

function sent(request: ControlRequest, controlled: ControlledCamera): Result<unknown> {
  const query = parsed(sentQuery, request.query);
  if (!query.ok) return query;
  const { profile } = query.value;
  const { camera } = controlled;
  const { framesPerSecond } = camera.spec[profile];
  return ok({
    camera: camera.spec.id,
    profile,
    clip: clipNameOf(camera, profile),
    framesPerSecond,
    frames: controlled.sentOf(profile),
  });
}

/** The camera as it is now; never its password. */
function viewOf({ camera, sessionCount, readers }: ControlledCamera) {
  const { password: _, ...spec } = camera.spec;
  const { host, faults, position } = camera;
  return { ...spec, host, faults, position, sessionCount, readers };
}

function parsed<T extends z.ZodType>(schema: T, value: unknown): Result<z.infer<T>> {
  const result = schema.safeParse(value);
  if (result.success) return ok(result.data);
  const first = result.error.issues[0];
  const where = first?.path.join('.') ?? '';
  return refused(refusal('bad-input', 'body-malformed', `${where}: ${first?.message ?? 'not valid'}`));
}
