import { refusal, type Refusal, type Result } from '#libs/base';
import { streamTarget, type StreamTarget } from '#libs/relay';
import type { Credential } from '#libs/rtsp';
import type { RtspTransport } from '#libs/wire';

/** Redirects to another port or host, per attempt. */
const MAX_REDIRECTS = 2;

export interface ApproachOptions {
  /** Refused: the recorded address cannot be used. */
  readonly target: Result<StreamTarget>;
  readonly credential: Credential | undefined;
  /** `auto`: interleaved TCP, and UDP where a camera refuses it. */
  readonly transport: RtspTransport;
  /** Whether a camera may send us to this other host; the login stays behind. */
  mayRedirectTo(host: string): boolean;
}

/** How a camera is come at: where, with which login, by which transport, and what its answers change about that. */
export class Approach {
  /** What is asked for. With `auto` the one that worked last is asked for first. */
  private asked: 'tcp' | 'udp';
  private current: StreamTarget | undefined;
  private redirects = 0;
  private hasSwitched = false;

  constructor(private readonly options: ApproachOptions) {
    this.asked = options.transport === 'udp' ? 'udp' : 'tcp';
  }

  get transport(): 'tcp' | 'udp' {
    return this.asked;
  }

  /** A new attempt, at the recorded address. */
  begin(): Result<StreamTarget> {
    const { target } = this.options;
    this.redirects = 0;
    this.hasSwitched = false;
    this.current = target.ok ? target.value : undefined;
    return target;
  }

  /** The login is for the host that was adopted and for no other, wherever a camera sends us. */
  credentialFor(target: StreamTarget): Credential | undefined {
    const { target: adopted, credential } = this.options;
    return adopted.ok && adopted.value.host === target.host ? credential : undefined;
  }

  /** Where to try at once after the camera ended the dialogue so, or why nowhere. */
  afterwards(reason: Refusal): StreamTarget | Refusal {
    if (reason.code === 'rtsp-redirected') return this.follow(reason);
    if (reason.code === 'rtsp-transport-refused' && this.askOtherwise()) return this.current ?? reason;
    return reason;
  }

  /** No picture came of this attempt. Datagrams may be kept back by a firewall: the dialogue over TCP came through. */
  failed(): void {
    if (this.options.transport === 'auto') this.asked = 'tcp';
  }

  /** To another port of the camera's host, or to a host that it may name (RFC 2326 §11.3, §10.10). */
  private follow(reason: Refusal): StreamTarget | Refusal {
    const url = String(reason.details?.['url']);
    if (!this.options.target.ok || ++this.redirects > MAX_REDIRECTS || !URL.canParse(url)) return reason;
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    const target = this.targetAt(url, host, this.options.target.value.host);
    if (!target.ok) return refusal('peer-failed', 'rtsp-foreign-host', reason.message);
    this.current = target.value;
    return target.value;
  }

  private targetAt(url: string, host: string, home: string): Result<StreamTarget> {
    const atHome = streamTarget(url, home);
    return atHome.ok || !this.options.mayRedirectTo(host) ? atHome : streamTarget(url, host);
  }

  /** Status 461 (RFC 2326 §11.3.14): the other transport is asked for, once an attempt. */
  private askOtherwise(): boolean {
    if (this.options.transport !== 'auto' || this.hasSwitched) return false;
    this.hasSwitched = true;
    this.asked = this.asked === 'tcp' ? 'udp' : 'tcp';
    return true;
  }
}
