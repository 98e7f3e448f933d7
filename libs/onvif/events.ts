import { randomUUID } from 'node:crypto';
import { ok, refused, type Result } from '#libs/base';
import { onvifRefusal } from './failure.ts';
import type { HeldCam, Waiting } from './held-cam.ts';
import { readReferenceParameters } from './reference-parameters.ts';
import { parseWebAddress } from './service-address.ts';
import { escapeXml, find, findAll, plainText, textAt, type XmlElement } from './xml.ts';

/** `tt:SimpleItem`, ONVIF Core 9.4.1. */
export interface EventItem {
  readonly name: string;
  readonly value: string;
}

/** One `wsnt:NotificationMessage`. */
export interface EventMessage {
  /** Without prefixes: makers disagree about them. `RuleEngine/CellMotionDetector/Motion`. */
  readonly topic: string;
  /** Of a property (ONVIF Core 9.4.2); `null` for what only happens. */
  readonly operation: 'initialized' | 'changed' | 'deleted' | null;
  readonly source: readonly EventItem[];
  readonly data: readonly EventItem[];
}

/** A subscription at the device. */
export interface PullPoint {
  readonly port: number;
  readonly path: string;
  /** As the device wrote it: it may compare the letters. */
  readonly address: string;
  /** What the device wants to see again in every header (WS-Addressing 1.0 §2.1), as XML. */
  readonly echo: string;
  /** How long it lasts from now, by the device's own two hours; `null` when they make no sense. */
  readonly lastsMs: number | null;
}

export interface Pulled {
  readonly messages: readonly EventMessage[];
  /** Messages that could not be read or were too many. */
  readonly dropped: number;
}

/** Messages of one answer that are read, whatever a device puts in. */
export const MAX_EVENT_MESSAGES = 128;
const MAX_ITEMS = 16;
const MAX_ITEM_CHARS = 64;
const MAX_TOPIC_CHARS = 160;
/** Longer promises are not believed: 366 days. */
const MAX_LASTS_MS = 366 * 86_400_000;

const EVENTS = 'http://www.onvif.org/ver10/events/wsdl';
const WSNT = 'http://docs.oasis-open.org/wsn/b-2';
const SUBSCRIPTION_MANAGER = 'http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager';
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';

/**
 * A device's events by a pull point (ONVIF Core 9.1). Ask the device for its services first. Refuses with an `OnvifCode`,
 * never throws.
 *
 * The package `onvif` creates subscriptions of two minutes and pulls for one minute only, gives back no reference
 * parameters but those of one maker, and knows no SetSynchronizationPoint. So these requests are ours; the routing of
 * services, the login and the digest are the package's.
 */
export class EventsFace {
  constructor(private readonly cam: HeldCam) {}

  /** CreatePullPointSubscription (9.1.1), of every topic. Devices that accept no duration are asked without one. */
  async subscribe(lastsMs: number): Promise<Result<PullPoint>> {
    const asked = `<InitialTerminationTime>${duration(lastsMs)}</InitialTerminationTime>`;
    const first = await this.create(asked);
    return first.ok || first.refusal.code !== 'onvif-fault' ? first : this.create('');
  }

  /** PullMessages (9.1.2): answers when there are messages, after `waitMs`, or when `signal` aborts. */
  async pull(point: PullPoint, waitMs: number, limit: number, signal: AbortSignal): Promise<Result<Pulled>> {
    const body =
      `<PullMessages xmlns="${EVENTS}"><Timeout>${duration(waitMs)}</Timeout>` +
      `<MessageLimit>${limit}</MessageLimit></PullMessages>`;
    const answer = await this.at(point, `${EVENTS}/PullPointSubscription/PullMessagesRequest`, body, {
      forMs: waitMs,
      signal,
    });
    return answer.ok ? ok(readMessages(answer.value)) : answer;
  }

  /** Renew (WS-BaseNotification 1.3 §6.1.1); answers how long it lasts now. */
  async renew(point: PullPoint, lastsMs: number): Promise<Result<number | null>> {
    const body = `<Renew xmlns="${WSNT}"><TerminationTime>${duration(lastsMs)}</TerminationTime></Renew>`;
    const answer = await this.at(point, `${SUBSCRIPTION_MANAGER}/RenewRequest`, body);
    return answer.ok ? ok(readLastsMs(answer.value)) : answer;
  }

  /** SetSynchronizationPoint (9.1.3): the device tells the state of every property once more. */
  async synchronize(point: PullPoint): Promise<Result<void>> {
    const body = `<SetSynchronizationPoint xmlns="${EVENTS}"/>`;
    const answer = await this.at(point, `${EVENTS}/PullPointSubscription/SetSynchronizationPointRequest`, body);
    return answer.ok ? ok(undefined) : answer;
  }

  /** Unsubscribe (WS-BaseNotification 1.3 §6.1.2): devices have room for a few subscriptions only. */
  async unsubscribe(point: PullPoint): Promise<Result<void>> {
    const answer = await this.at(point, `${SUBSCRIPTION_MANAGER}/UnsubscribeRequest`, `<Unsubscribe xmlns="${WSNT}"/>`);
    return answer.ok ? ok(undefined) : answer;
  }

  private async create(content: string): Promise<Result<PullPoint>> {
    const body = `<CreatePullPointSubscription xmlns="${EVENTS}">${content}</CreatePullPointSubscription>`;
    const action = `${EVENTS}/EventPortType/CreatePullPointSubscriptionRequest`;
    const answer = await this.cam.post('events', action, '', body);
    return answer.ok ? this.pullPointOf(answer.value.content, answer.value.bytes) : answer;
  }

  /** The address is led to the device's own host: behind a router it often names another. */
  private pullPointOf(body: XmlElement, bytes: Uint8Array): Result<PullPoint> {
    const address = textAt(body, ['SubscriptionReference', 'Address'], 600);
    if (!parseWebAddress(address))
      return refused(onvifRefusal('onvif-malformed', 'the device gave no address for its events'));
    const echo = readReferenceParameters(bytes);
    if (!echo.ok) return echo;
    const { port, path } = this.cam._parseUrl(address);
    return ok({ port: Number(port), path, address, echo: echo.value, lastsMs: readLastsMs(body) });
  }

  private async at(point: PullPoint, action: string, body: string, waiting?: Waiting): Promise<Result<XmlElement>> {
    const header =
      `<a:Action xmlns:a="${ADDRESSING}">${action}</a:Action>` +
      `<a:MessageID xmlns:a="${ADDRESSING}">urn:uuid:${randomUUID()}</a:MessageID>` +
      `<a:To xmlns:a="${ADDRESSING}">${escapeXml(point.address)}</a:To>${point.echo}`;
    const answer = await this.cam.post({ port: point.port, path: point.path }, action, header, body, waiting);
    return answer.ok ? ok(answer.value.content) : answer;
  }
}

/** Difference of the device's own hours, so its clock error does not matter. */
function readLastsMs(body: XmlElement): number | null {
  const [now, end] = ['CurrentTime', 'TerminationTime'].map((name) => momentOf(textAt(body, [name], 40)));
  if (now === undefined || end === undefined) return null;
  const lastsMs = end - now;
  return lastsMs > 0 && lastsMs <= MAX_LASTS_MS ? lastsMs : null;
}

/** xs:dateTime (XML Schema part 2 §3.2.7) as devices write it. */
function momentOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.test(text)) return undefined;
  const ms = Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** xs:duration in whole seconds, at least one: some firmwares read nothing finer. */
function duration(ms: number): string {
  return `PT${Math.max(1, Math.round(ms / 1_000))}S`;
}

/** Reads `PullMessagesResponse`. What is no message of an event is counted, never an error. */
export function readMessages(body: XmlElement): Pulled {
  const told = findAll(body, 'NotificationMessage');
  const messages = told.slice(0, MAX_EVENT_MESSAGES).flatMap((element) => readMessage(element) ?? []);
  return { messages, dropped: told.length - messages.length };
}

function readMessage(element: XmlElement): EventMessage | undefined {
  const topic = topicOf(find(element, 'Topic')?.text ?? '');
  const message = find(element, 'Message', 'Message');
  if (topic === undefined || !message) return undefined;
  return {
    topic,
    operation: OPERATIONS[(message.attributes.get('PropertyOperation') ?? '').toLowerCase()] ?? null,
    source: itemsOf(message, 'Source'),
    data: itemsOf(message, 'Data'),
  };
}

const OPERATIONS: Readonly<Record<string, EventMessage['operation'] & string>> = {
  initialized: 'initialized',
  changed: 'changed',
  deleted: 'deleted',
};

/** `tns1:RuleEngine/tnsx:LineDetector/Crossed//.` becomes `RuleEngine/LineDetector/Crossed`. */
function topicOf(text: string): string | undefined {
  const steps = text
    .trim()
    .split('/')
    .map((step) => step.slice(step.indexOf(':') + 1))
    .filter((step) => step !== '' && step !== '.');
  const topic = steps.join('/');
  return topic.length <= MAX_TOPIC_CHARS && /^[\w.-]+(\/[\w.-]+)*$/.test(topic) ? topic : undefined;
}

function itemsOf(message: XmlElement, part: 'Source' | 'Data'): EventItem[] {
  return findAll(find(message, part), 'SimpleItem')
    .slice(0, MAX_ITEMS)
    .map(({ attributes }) => ({
      name: plainText(attributes.get('Name') ?? '', MAX_ITEM_CHARS),
      value: plainText(attributes.get('Value') ?? '', MAX_ITEM_CHARS),
    }));
}
