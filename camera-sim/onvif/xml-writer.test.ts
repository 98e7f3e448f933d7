import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readXml } from './xml-reader.ts';
import { el, elWith, qname, writeXml } from './xml-writer.ts';

describe('writeXml', () => {
  it('declares what is used and nothing else, on the root', () => {
    const text = writeXml(el('env:Envelope', el('tt:Name', 'x')));
    expect(text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"' +
        ' xmlns:tt="http://www.onvif.org/ver10/schema"><tt:Name>x</tt:Name></env:Envelope>',
    );
  });

  it('spells prefixes as the vendor does, in names, attributes and QName texts', () => {
    const node = elWith('tt:A', { 'wstop:topic': true }, el('tds:B', qname('tns1:VideoSource/MotionAlarm')));
    const text = writeXml(node, { tt: '', tds: 'n1', tns1: 'topics' });
    expect(text).toContain('<A xmlns="http://www.onvif.org/ver10/schema"');
    expect(text).toContain('xmlns:topics="http://www.onvif.org/ver10/topics"');
    expect(text).toContain('<n1:B>topics:VideoSource/MotionAlarm</n1:B>');
    expect(text).toContain(' wstop:topic="true"');
  });

  it('refuses a prefix that has no namespace: a bug must not reach a client', () => {
    expect(() => writeXml(el('nobody:A'))).toThrow('no namespace');
  });

  it('writes any text so that it is read back', () => {
    const legal = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text));
    fc.assert(
      fc.property(legal, (text) => {
        const xml = readXml(Buffer.from(writeXml(elWith('tt:A', { b: text }, text))));
        expect(xml.ok && [xml.value.text, xml.value.attributes.get('b')]).toEqual([text.trim(), text]);
      }),
    );
  });
});
