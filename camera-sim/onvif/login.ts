import type { Clock } from '#libs/base';
import type { SimCamera } from '../model.ts';
import { notAuthorized } from './fault.ts';
import { HttpDigest } from './http-digest.ts';
import { html, xml, type HttpReply } from './http-reply.ts';
import { writeSoap } from './soap.ts';
import { UsernameTokens } from './username-token.ts';
import { rulesOf, type VendorRules } from './vendor.ts';
import type { XmlElement } from './xml-reader.ts';

export interface HttpHead {
  readonly method: string;
  /** Request target with its query. */
  readonly target: string;
  readonly authorization: string | undefined;
}

/**
 * Who may in, ONVIF Core §5.9.1: a request without login gets HTTP 401 and a challenge; a wrong digest gets 401; a wrong
 * UsernameToken gets HTTP 400 with the fault ter:NotAuthorized. Vendors differ.
 */
export class Login {
  private readonly rules: VendorRules;
  private readonly tokens: UsernameTokens;
  private readonly digest: HttpDigest;

  constructor(
    private readonly camera: SimCamera,
    private readonly clock: Clock,
  ) {
    const { vendor, username, password, model } = camera.spec;
    this.rules = rulesOf(vendor);
    this.tokens = new UsernameTokens(camera);
    const { digestAlgorithms: algorithms, digestHasQop: hasQop } = this.rules;
    this.digest = new HttpDigest(
      { realm: `Login to ${asciiOf(model)}`, username, password, algorithms, hasQop },
      clock,
    );
  }

  /** `undefined` lets the request pass. */
  refuseSoap(head: HttpHead, security: XmlElement | undefined): HttpReply | undefined {
    const { login } = this.rules;
    const takesDigest = login !== 'username-token';
    const takesToken = login !== 'http-digest';
    if (takesDigest && head.authorization !== undefined) return this.refuseHttp(head);
    if (takesToken && security !== undefined) {
      const isValid = this.tokens.isValid(security, this.camera.nowMs(this.clock.nowMs()));
      return isValid ? undefined : this.refusal(400, false);
    }
    return takesDigest ? this.refusal(401, false) : this.refusal(400, false);
  }

  /** For plain HTTP, where only digest exists. */
  refuseHttp(head: HttpHead): HttpReply | undefined {
    if (head.authorization === undefined) return this.refusal(401, false);
    const verdict = this.digest.check(head.authorization, head.method, head.target);
    return verdict === 'valid' ? undefined : this.refusal(401, verdict === 'stale');
  }

  forget(): void {
    this.tokens.forget();
    this.digest.forget();
  }

  private refusal(status: 400 | 401, stale: boolean): HttpReply {
    const isHtml = this.rules.loginRefusal === 'html-401';
    const reply = isHtml
      ? html(
          401,
          '<!DOCTYPE html>\n<html><head><title>Document Error: Unauthorized</title></head><body><h2>Access Error: 401 -- Unauthorized</h2></body></html>\n',
        )
      : xml(status, this.rules.contentType, writeSoap(notAuthorized().toXml(), this.rules.prefixes));
    if (reply.status !== 401) return reply;
    return { ...reply, headers: { ...reply.headers, 'WWW-Authenticate': this.digest.challenges(stale) } };
  }
}

function asciiOf(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, '_');
}
