import { serviceCapabilities } from './capabilities.ts';
import { operations, type Answer, type Call, type Operation, type Operations } from './device.ts';
import {
  CONCRETE_DIALECT,
  CONCRETE_SET_DIALECT,
  ITEM_FILTER_DIALECT,
  notificationXml,
  topicSetXml,
} from './event-topics.ts';
import { SoapFault, missingArgument } from './fault.ts';
import { NAMESPACES } from './namespaces.ts';
import { MAX_PER_PULL, MAX_PULL_MS, MAX_SUBSCRIPTION_MS, type PullPoint } from './pull-points.ts';
import { PULL_POINT_PATH } from './service-list.ts';
import { readTopicFilter } from './topic-filter.ts';
import { childOf } from './xml-reader.ts';
import { el, type XmlNode } from './xml-writer.ts';
import { formatDateTime, parseDateTime, parseDuration } from './xsd-time.ts';

const DEFAULT_SUBSCRIPTION_MS = 60_000;

/** ONVIF Core §9, the event service itself. */
export const EVENT_OPERATIONS: Operations = operations({
  GetServiceCapabilities: [
    'PRE_AUTH',
    ({ device }) => el('tev:GetServiceCapabilitiesResponse', serviceCapabilities(device, 'events')),
  ],
  GetEventProperties: ['READ_MEDIA', getEventProperties],
  CreatePullPointSubscription: ['READ_MEDIA', createPullPointSubscription],
});

/** Operations of ONVIF's own at a pull point's address. */
export const PULL_OPERATIONS: Operations = operations({
  PullMessages: ['READ_MEDIA', withPoint(pullMessages)],
  SetSynchronizationPoint: ['READ_MEDIA', withPoint(setSynchronizationPoint)],
});

/** Operations of WS-BaseNotification §6 at a pull point's address. */
export const SUBSCRIPTION_OPERATIONS: Operations = operations({
  Renew: ['READ_MEDIA', withPoint(renew)],
  Unsubscribe: ['READ_MEDIA', withPoint(unsubscribe)],
});

function withPoint(answer: (call: Call, point: PullPoint) => Answer | Promise<Answer>): Operation['answer'] {
  return (call) => {
    const point = call.device.pullPoints.get(call.path.slice(PULL_POINT_PATH.length));
    return point ? answer(call, point) : unknownResource(call);
  };
}

/** WS-BaseNotification §6.1: the subscription is gone, or never was. */
function unknownResource({ device }: Call): SoapFault {
  const detail = el('wsrfr:ResourceUnknownFault', el('wsrfbf:Timestamp', formatDateTime(device.nowMs())));
  return new SoapFault('Sender', ['InvalidArgVal'], 'The subscription does not exist or has expired', detail);
}

function wsntFault(call: Call, name: string, reason: string, ...content: XmlNode[]): SoapFault {
  const detail = el(`wsnt:${name}`, el('wsrfbf:Timestamp', formatDateTime(call.device.nowMs())), ...content);
  return new SoapFault('Sender', ['InvalidArgVal'], reason, detail);
}

function getEventProperties({ device }: Call): Answer {
  return el(
    'tev:GetEventPropertiesResponse',
    el('tev:TopicNamespaceLocation', 'http://www.onvif.org/onvif/ver10/topics/topicns.xml'),
    el('wsnt:FixedTopicSet', true),
    topicSetXml(device.pullPoints.topics),
    el('wsnt:TopicExpressionDialect', CONCRETE_SET_DIALECT),
    el('wsnt:TopicExpressionDialect', CONCRETE_DIALECT),
    el('tev:MessageContentFilterDialect', ITEM_FILTER_DIALECT),
    el('tev:MessageContentSchemaLocation', 'http://www.onvif.org/onvif/ver10/schema/onvif.xsd'),
  );
}

function createPullPointSubscription(call: Call): Answer {
  const { device, body } = call;
  const filter = readTopicFilter(
    childOf(body, NAMESPACES.tev, 'Filter'),
    device.pullPoints.topics.map(({ path }) => path),
  );
  if (!filter)
    return wsntFault(call, 'InvalidTopicExpressionFault', 'The topic expression is not understood or names no topic');
  const asked = childOf(body, NAMESPACES.tev, 'InitialTerminationTime')?.text;
  const durationMs = durationOf(call, asked);
  if (durationMs === undefined) {
    return wsntFault(call, 'UnacceptableInitialTerminationTimeFault', 'The termination time is not acceptable');
  }
  const point = device.pullPoints.create(filter, durationMs);
  if (!point) {
    const detail = el('wsnt:SubscribeCreationFailedFault', el('wsrfbf:Timestamp', formatDateTime(device.nowMs())));
    return new SoapFault('Receiver', ['Action'], 'There are as many subscriptions as the device can hold', detail);
  }
  return el(
    'tev:CreatePullPointSubscriptionResponse',
    el('tev:SubscriptionReference', el('wsa:Address', device.pullPointUrl(PULL_POINT_PATH + point.id))),
    times(call, point, 'wsnt'),
  );
}

/** wsnt:AbsoluteOrRelativeTimeType: a duration, or a time by the camera's clock. Longer than the cap is cut to it. */
function durationOf({ device }: Call, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return DEFAULT_SUBSCRIPTION_MS;
  const untilMs = parseDateTime(text);
  const durationMs = untilMs === undefined ? parseDuration(text) : untilMs - device.nowMs();
  if (durationMs === undefined || durationMs <= 0) return undefined;
  return Math.min(durationMs, MAX_SUBSCRIPTION_MS);
}

function times({ device }: Call, point: PullPoint, prefix: 'wsnt' | 'tev'): XmlNode[] {
  const nowMs = device.nowMs();
  return [
    el(`${prefix}:CurrentTime`, formatDateTime(nowMs)),
    el(`${prefix}:TerminationTime`, formatDateTime(nowMs + Math.max(0, point.remainingMs))),
  ];
}

async function pullMessages(call: Call, point: PullPoint): Promise<Answer> {
  const timeout = childOf(call.body, NAMESPACES.tev, 'Timeout')?.text;
  const limit = childOf(call.body, NAMESPACES.tev, 'MessageLimit')?.text;
  if (timeout === undefined) return missingArgument('Timeout');
  if (limit === undefined || !/^[1-9]\d{0,8}$/.test(limit)) return missingArgument('MessageLimit');
  const timeoutMs = parseDuration(timeout);
  if (timeoutMs === undefined || timeoutMs > MAX_PULL_MS) return pullFault();
  const messages = await point.pull(Math.min(Number(limit), MAX_PER_PULL), timeoutMs, call.signal);
  if (call.device.pullPoints.get(point.id) !== point) return unknownResource(call);
  return el('tev:PullMessagesResponse', times(call, point, 'tev'), messages.map(notificationXml));
}

/** ONVIF Core §9.1.2: the fault says what would have been taken. */
function pullFault(): SoapFault {
  const detail = el(
    'tev:PullMessagesFaultResponse',
    el('tev:MaxTimeout', `PT${MAX_PULL_MS / 1000}S`),
    el('tev:MaxMessageLimit', MAX_PER_PULL),
  );
  return new SoapFault('Sender', ['InvalidArgVal'], 'The timeout is not supported', detail);
}

function setSynchronizationPoint({ device }: Call, point: PullPoint): Answer {
  device.pullPoints.synchronize(point);
  return el('tev:SetSynchronizationPointResponse');
}

function renew(call: Call, point: PullPoint): Answer {
  const durationMs = durationOf(call, childOf(call.body, NAMESPACES.wsnt, 'TerminationTime')?.text);
  if (durationMs === undefined) {
    return wsntFault(call, 'UnacceptableTerminationTimeFault', 'The termination time is not acceptable');
  }
  point.renew(durationMs);
  const [current, termination] = times(call, point, 'wsnt');
  // b-2.xsd has the two the other way round here than in the answer to the creation.
  return el('wsnt:RenewResponse', termination, current);
}

function unsubscribe({ device }: Call, point: PullPoint): Answer {
  device.pullPoints.remove(point.id);
  return el('wsnt:UnsubscribeResponse');
}
