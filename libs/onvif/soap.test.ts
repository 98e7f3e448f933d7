import { describe, expect, it } from '@jest/globals';
import { readSoap } from '#libs/onvif';
import { usernameToken } from './soap.ts';

const body = (xml: string): string => `<s:Envelope xmlns:s="x"><s:Header/><s:Body>${xml}</s:Body></s:Envelope>`;
const codeOf = (result: { ok: boolean; refusal?: { code: string } }): string => result.refusal?.code ?? 'accepted';

describe('soap', () => {
  it('makes the digest of the ONVIF Application Programmer’s Guide (6.1.1.3)', () => {
    const nonce = Buffer.from('LKqI6G/AikKCQrN0zqZFlg==', 'base64');
    const token = usernameToken(
      { username: 'user', password: 'userpassword' },
      Date.UTC(2010, 8, 16, 7, 50, 45),
      nonce,
    );
    expect(token).toContain(
      '<Created xmlns="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">2010-09-16T07:50:45Z<',
    );
    expect(token).toContain('>tuOSpGlFlIXsozq4HFNeeGeFLEI=<');
    expect(usernameToken({ username: 'a<&"b', password: '' }, 0, nonce)).toContain(
      '<Username>a&#60;&#38;&#34;b</Username>',
    );
  });

  it.each([
    [
      'onvif-unauthorized',
      '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code></s:Fault>',
    ],
    [
      'onvif-unauthorized',
      '<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>Sender not authorized</s:Text></s:Reason></s:Fault>',
    ],
    [
      'onvif-unauthorized',
      '<s:Fault><faultcode>wsse:FailedAuthentication</faultcode><faultstring>x</faultstring></s:Fault>',
    ],
    [
      'onvif-not-supported',
      '<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>ter:ActionNotSupported</s:Value></s:Subcode></s:Code></s:Fault>',
    ],
    ['onvif-fault', '<s:Fault><s:Reason><s:Text>out of memory</s:Text></s:Reason></s:Fault>'],
    ['onvif-malformed', ''],
  ])('reads a fault as %s', (code, xml) => expect(codeOf(readSoap(body(xml)))).toBe(code));
});
