import { ok, refused, type Clock, type Result } from '#libs/base';
import {
  SYSTEM_DATE_AND_TIME_ACTION,
  clockErrorOf,
  readDeviceTime,
  systemDateAndTimeRequest,
  type ClockError,
} from './clock-error.ts';
import { EventsFace } from './events.ts';
import { onvifRefusal } from './failure.ts';
import { HeldCam, postPlain, readReply, type SoapLine } from './held-cam.ts';
import { readSerialNumber } from './identity.ts';
import { PtzFace } from './ptz.ts';
import { readProfiles, type VideoProfile } from './profiles.ts';
import { readMacAddress } from './scopes.ts';
import { parseWebAddress, type ServiceAddress } from './service-address.ts';
import { envelope, type Login } from './soap.ts';
import { guardStreamUri, type HeldUri } from './stream-uri.ts';
import { escapeXml, find, findAll, textAt, type XmlElement } from './xml.ts';
import { readEndpointReference } from './ws-discovery.ts';

/** GetDeviceInformationResponse (ONVIF Core 8.1.2). */
export interface DeviceInformation {
  readonly manufacturer: string;
  readonly model: string;
  readonly firmware: string;
  readonly serialNumber: string | null;
}

/** What a device can do beside streaming. */
export interface DeviceServices {
  readonly hasPtz: boolean;
  readonly hasEvents: boolean;
  /** Media2 (ONVIF Profile T), where H.265 is at home. */
  readonly hasMedia2: boolean;
}

/**
 * One ONVIF device with one login. Every method refuses with an `OnvifCode` and never throws; ask for {@link clockError}
 * first, because the hour of a login is the device's. One question at a time: the package keeps its state in one object.
 */
export class OnvifDevice {
  /** Its head, when it has one; ask for {@link services} first. */
  readonly ptz: PtzFace;
  /** What it tells by itself; ask for {@link services} first. */
  readonly events: EventsFace;
  private readonly cam: HeldCam;

  constructor(
    private readonly line: SoapLine,
    private readonly at: ServiceAddress,
    login: Login | undefined,
    clock: Clock,
  ) {
    this.cam = new HeldCam(line, at, login, clock);
    this.ptz = new PtzFace(this.cam);
    this.events = new EventsFace(this.cam);
  }

  /** Measures the clock without a login and uses it from now on. Some devices want a login for this too: it is tried. */
  async clockError(): Promise<Result<ClockError>> {
    const measured = await measureClock(this.line, this.at);
    const final =
      !measured.ok && measured.refusal.code === 'onvif-unauthorized'
        ? await measureClock(this.line, this.at, this.cam._envelopeHeader())
        : measured;
    if (final.ok) this.cam.clockErrorMs = final.value.errorMs;
    return final;
  }

  /** Uses an error measured before. */
  assumeClockError(errorMs: number): void {
    this.cam.clockErrorMs = errorMs;
  }

  async information(): Promise<Result<DeviceInformation>> {
    const body = await this.cam.ask((cam, done) => cam.getDeviceInformation(done));
    if (!body.ok) return body;
    return ok({
      manufacturer: textAt(body.value, ['Manufacturer'], 100),
      model: textAt(body.value, ['Model'], 100),
      firmware: textAt(body.value, ['FirmwareVersion'], 100),
      serialNumber: readSerialNumber(textAt(body.value, ['SerialNumber'], 100)),
    });
  }

  /** GetServices, and for devices before ONVIF 2.1 GetCapabilities. Must come before profiles and stream addresses. */
  async services(): Promise<Result<DeviceServices>> {
    const listed = await this.cam.ask((cam, done) => cam.getServices(false, done));
    if (!this.knowsMedia()) {
      if (!listed.ok && listed.refusal.code === 'onvif-unauthorized') return listed;
      const capable = await this.cam.ask((cam, done) => cam.getCapabilities(done));
      if (!this.knowsMedia())
        return capable.ok ? refused(onvifRefusal('onvif-no-video', 'the device offers no media service')) : capable;
    }
    const { uri, media2Support } = this.cam;
    return ok({
      hasPtz: uri?.ptz !== undefined,
      hasEvents: uri?.events !== undefined,
      hasMedia2: media2Support === true,
    });
  }

  /** From Media2 when it works (some firmwares announce it and fail), else from Media1. */
  async profiles(): Promise<Result<VideoProfile[]>> {
    let body = await this.cam.ask((cam, done) => cam.getProfiles(done));
    let found = body.ok ? readProfiles(body.value) : [];
    if (found.length === 0 && this.cam.media2Support && this.cam.uri?.media) {
      this.cam.media2Support = false;
      body = await this.cam.ask((cam, done) => cam.getProfiles(done));
      found = body.ok ? readProfiles(body.value) : [];
    }
    if (!body.ok) return body;
    return found.length > 0
      ? ok(found)
      : refused(onvifRefusal('onvif-no-video', 'no profile carries H.264, H.265 or JPEG'));
  }

  /** Where to pull a profile from, held to this device's host. */
  async streamUri(profileToken: string): Promise<Result<HeldUri>> {
    const options = { protocol: 'RTSP', stream: 'RTP-Unicast', profileToken: escapeXml(profileToken) } as const;
    const body = await this.cam.ask((cam, done) => cam.getStreamUri(options, done));
    return body.ok ? guardStreamUri(uriIn(body.value), this.at.host) : body;
  }

  /** Where a JPEG of a profile lies, held to this device's host. */
  async snapshotAddress(profileToken: string): Promise<Result<ServiceAddress>> {
    const options = { profileToken: escapeXml(profileToken) };
    const body = await this.cam.ask((cam, done) => cam.getSnapshotUri(options, done));
    if (!body.ok) return body;
    const parsed = parseWebAddress(uriIn(body.value));
    return parsed
      ? ok({ ...parsed, host: this.at.host })
      : refused(onvifRefusal('onvif-malformed', 'the snapshot address cannot be used'));
  }

  /** The first hardware address it names; `null` when it names none or may not be asked. */
  async macAddress(): Promise<string | null> {
    const body = await this.cam.ask((cam, done) => cam.getNetworkInterfaces(done));
    if (!body.ok) return null;
    const macs = findAll(body.value, 'NetworkInterfaces').map((face) =>
      readMacAddress(textAt(face, ['Info', 'HwAddress'])),
    );
    return macs.find((mac) => mac !== null) ?? null;
  }

  private knowsMedia(): boolean {
    return (
      this.cam.uri?.media !== undefined || (this.cam.uri?.['media2'] !== undefined && this.cam.media2Support === true)
    );
  }
}

/**
 * Asks a device's hour and measures the error. A device that knows the question and wants a login for it refuses with
 * `onvif-unauthorized`: it is ONVIF all the same.
 */
export async function measureClock(
  line: SoapLine,
  at: ServiceAddress,
  authenticatedHead?: string,
): Promise<Result<ClockError>> {
  const body =
    authenticatedHead === undefined
      ? systemDateAndTimeRequest()
      : `${authenticatedHead}<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>`;
  const reply = await postPlain(line, at, SYSTEM_DATE_AND_TIME_ACTION, body);
  if (!reply.ok) return reply;
  const soap = readReply(reply.value);
  const time = soap.ok ? readDeviceTime(soap.value) : soap;
  return time.ok ? ok(clockErrorOf(time.value.utcMs, reply.value.sentMs, reply.value.receivedMs)) : time;
}

/** Asks a device that was found by its address for its lasting name (ONVIF Core 8.3.22, PRE_AUTH); `null` if it says none. */
export async function askEndpointReference(line: SoapLine, at: ServiceAddress): Promise<string | null> {
  const body = envelope('<GetEndpointReference xmlns="http://www.onvif.org/ver10/device/wsdl"/>');
  const reply = await postPlain(line, at, 'http://www.onvif.org/ver10/device/wsdl/GetEndpointReference', body);
  const soap = reply.ok ? readReply(reply.value) : reply;
  return soap.ok ? readEndpointReference(textAt(soap.value, ['GUID'])) : null;
}

/** Media1 wraps it in MediaUri, Media2 does not. */
function uriIn(body: XmlElement): string {
  return (find(body, 'MediaUri', 'Uri') ?? find(body, 'Uri'))?.text ?? '';
}
