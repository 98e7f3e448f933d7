import { el, elWith, qname, type XmlNode } from './xml-writer.ts';

/** Who is to blame, SOAP 1.2 part 1 §5.4.6. */
export type FaultCode = 'Sender' | 'Receiver' | 'VersionMismatch' | 'MustUnderstand';

/** A refusal as SOAP 1.2 writes it, with ONVIF's subcodes (ONVIF Core §5.8.2.2, `ter:` names). */
export class SoapFault {
  constructor(
    readonly code: FaultCode,
    /** From general to special, without prefix: `['InvalidArgVal', 'NoProfile']`. */
    readonly subcodes: readonly string[],
    readonly reason: string,
    readonly detail?: XmlNode,
  ) {}

  /** SOAP 1.2 part 2 §7.5.2.2: the sender's faults are 400, all others 500. */
  get httpStatus(): number {
    return this.code === 'Sender' ? 400 : 500;
  }

  toXml(): XmlNode {
    return el(
      'env:Fault',
      el('env:Code', el('env:Value', qname(`env:${this.code}`)), subcodeXml(this.subcodes)),
      el('env:Reason', elWith('env:Text', { 'xml:lang': 'en' }, this.reason)),
      this.detail === undefined ? undefined : el('env:Detail', this.detail),
    );
  }
}

function subcodeXml(subcodes: readonly string[]): XmlNode | undefined {
  const [first, ...rest] = subcodes;
  if (first === undefined) return undefined;
  return el('env:Subcode', el('env:Value', qname(`ter:${first}`)), subcodeXml(rest));
}

export function senderFault(subcodes: readonly string[], reason: string): SoapFault {
  return new SoapFault('Sender', subcodes, reason);
}

export function receiverFault(subcodes: readonly string[], reason: string): SoapFault {
  return new SoapFault('Receiver', subcodes, reason);
}

/** ONVIF Core §5.9.1: the message says nothing of what was wrong with the login. */
export function notAuthorized(): SoapFault {
  return senderFault(['NotAuthorized'], 'Sender not Authorized');
}

export function actionNotSupported(name: string): SoapFault {
  return receiverFault(['ActionNotSupported'], `Optional Action Not Implemented: ${name.slice(0, 60)}`);
}

export function missingArgument(name: string): SoapFault {
  return senderFault(['InvalidArgs'], `Argument missing: ${name}`);
}

export function invalidValue(special: string, reason: string): SoapFault {
  return senderFault(['InvalidArgVal', special], reason);
}
