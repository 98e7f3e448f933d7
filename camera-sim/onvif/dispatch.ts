import { reasonOf } from '#libs/base';
import { type Call, type OnvifDevice, type Operation, type Operations, SNAPSHOT_PATH } from './device.ts';
import { DEVICE_OPERATIONS } from './device-service.ts';
import { EVENT_OPERATIONS, PULL_OPERATIONS, SUBSCRIPTION_OPERATIONS } from './event-service.ts';
import { SoapFault, actionNotSupported, receiverFault, senderFault } from './fault.ts';
import { empty, jpeg, xml, type HttpReply } from './http-reply.ts';
import { IMAGING_OPERATIONS } from './imaging-service.ts';
import type { HttpHead, Login } from './login.ts';
import { MEDIA_OPERATIONS } from './media-service.ts';
import { MEDIA2_OPERATIONS } from './media2-service.ts';
import { profileOf } from './media-parts.ts';
import { NAMESPACES } from './namespaces.ts';
import { PTZ_OPERATIONS } from './ptz-service.ts';
import { PULL_POINT_PATH, servicesOf, type ServiceName } from './service-list.ts';
import { readSoap, writeSoap, type SoapRequest } from './soap.ts';
import type { XmlElement } from './xml-reader.ts';

/** Everything that the camera answers at one path, by the namespace of the request. */
type Endpoint = ReadonlyMap<string, Operations>;

const ENDPOINTS: Readonly<Record<ServiceName, Endpoint>> = {
  device: new Map([[NAMESPACES.tds, DEVICE_OPERATIONS]]),
  media: new Map([[NAMESPACES.trt, MEDIA_OPERATIONS]]),
  media2: new Map([[NAMESPACES.tr2, MEDIA2_OPERATIONS]]),
  ptz: new Map([[NAMESPACES.tptz, PTZ_OPERATIONS]]),
  imaging: new Map([[NAMESPACES.timg, IMAGING_OPERATIONS]]),
  events: new Map([[NAMESPACES.tev, EVENT_OPERATIONS]]),
};

const PULL_POINT: Endpoint = new Map<string, Operations>([
  [NAMESPACES.tev, PULL_OPERATIONS],
  [NAMESPACES.wsnt, SUBSCRIPTION_OPERATIONS],
]);

function endpointOf(device: OnvifDevice, path: string): Endpoint | undefined {
  if (path.startsWith(PULL_POINT_PATH)) return PULL_POINT;
  const service = servicesOf(device).find((entry) => entry.path === path);
  return service && ENDPOINTS[service.name];
}

/** Answers one whole HTTP request. Never throws: a bug becomes HTTP 500 with a fault, and a log line. */
export async function dispatch(
  device: OnvifDevice,
  login: Login,
  head: HttpHead,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<HttpReply> {
  const path = head.target.split('?', 1)[0] ?? '';
  try {
    if (path === SNAPSHOT_PATH) return await snapshot(device, login, head);
    const endpoint = endpointOf(device, path);
    if (!endpoint) return empty(404);
    if (head.method !== 'POST') return empty(405, { Allow: 'POST' });
    return await answerSoap({ device, login, head, path, endpoint, signal }, body);
  } catch (thrown) {
    device.logger.error({ camera: device.camera.spec.id, path, reason: reasonOf(thrown) }, 'onvif request failed');
    return faultReply(device, receiverFault(['CriticalError'], 'Internal error'));
  }
}

interface Exchange {
  readonly device: OnvifDevice;
  readonly login: Login;
  readonly head: HttpHead;
  readonly path: string;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
}

async function answerSoap(
  { device, login, head, path, endpoint, signal }: Exchange,
  bytes: Uint8Array,
): Promise<HttpReply> {
  const reading = readSoap(bytes);
  if (!reading.ok) return faultReply(device, reading.fault);
  const { request } = reading;
  const operation = operationOf(endpoint, request.body);
  if (operation instanceof SoapFault) return faultReply(device, operation, request);
  if (operation.access !== 'PRE_AUTH') {
    const refused = login.refuseSoap(head, request.security);
    if (refused) return refused;
  }
  const call: Call = { device, body: request.body, path, signal };
  const answer = await operation.answer(call);
  if (answer instanceof SoapFault) return faultReply(device, answer, request);
  const { rules } = device;
  return xml(
    200,
    rules.contentType,
    writeSoap(answer, rules.prefixes, { action: actionOf(request.body), messageId: request.messageId }),
  );
}

function operationOf(endpoint: Endpoint, body: XmlElement): Operation | SoapFault {
  const table = endpoint.get(body.namespace);
  if (!table) return senderFault(['UnknownAction'], 'An unknown action is specified');
  return table.get(body.name) ?? actionNotSupported(body.name);
}

/** WS-Addressing actions of answers, as the event service's WSDL has them; elsewhere ONVIF uses no addressing. */
function actionOf(body: XmlElement): string | undefined {
  if (body.namespace === NAMESPACES.wsnt) {
    return `http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/${body.name}Response`;
  }
  if (body.namespace !== NAMESPACES.tev) return undefined;
  const isPull = PULL_OPERATIONS.has(body.name);
  return `${NAMESPACES.tev}/${isPull ? 'PullPointSubscription' : 'EventPortType'}/${body.name}Response`;
}

function faultReply(device: OnvifDevice, fault: SoapFault, request?: SoapRequest): HttpReply {
  const { rules } = device;
  const text = writeSoap(fault.toXml(), rules.prefixes, { messageId: request?.messageId });
  return xml(fault.httpStatus, rules.contentType, text);
}

async function snapshot(device: OnvifDevice, login: Login, head: HttpHead): Promise<HttpReply> {
  if (device.snapshotOf === undefined) return empty(404);
  if (head.method !== 'GET') return empty(405, { Allow: 'GET' });
  const refused = login.refuseHttp(head);
  if (refused) return refused;
  const token = new URLSearchParams(head.target.split('?')[1] ?? '').get('profile') ?? undefined;
  if (token !== undefined && !profileOf(device, token)) return empty(404);
  return jpeg(await device.snapshotOf(device.camera));
}
