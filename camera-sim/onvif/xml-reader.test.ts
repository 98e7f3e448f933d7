import { describe, expect, it } from '@jest/globals';
import { XML_LIMITS, childOf, readXml, type XmlElement } from './xml-reader.ts';

function read(text: string | Uint8Array): XmlElement {
  const result = readXml(typeof text === 'string' ? Buffer.from(text) : text);
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}

function codeOf(text: string | Uint8Array): string {
  const result = readXml(typeof text === 'string' ? Buffer.from(text) : text);
  return result.ok ? 'ok' : result.refusal.code;
}

describe('readXml', () => {
  it('resolves prefixes by scope, the default namespace for elements only', () => {
    const root = read('<a:r xmlns:a="urn:1" xmlns="urn:2"><c x="1" a:y="2"/><a:c xmlns:a="urn:3"/></a:r>');
    expect([root.namespace, root.name]).toEqual(['urn:1', 'r']);
    const [first, second] = root.children;
    expect([first?.namespace, first?.name]).toEqual(['urn:2', 'c']);
    expect([...(first?.attributes ?? [])]).toEqual([
      ['x', '1'],
      ['{urn:1}y', '2'],
    ]);
    expect(second?.namespace).toBe('urn:3');
    expect(second?.resolve('a')).toBe('urn:3');
    expect(childOf(root, 'urn:3', 'c')).toBe(second);
  });

  it('decodes the built-in references and character numbers, and leaves CDATA alone', () => {
    expect(read('<a>&lt;&amp;&#x41;&#66; <![CDATA[&lt;<b>]]></a>').text).toBe('<&AB &lt;<b>');
    expect(read('<a b="&quot;&apos;"/>').attributes.get('b')).toBe('"\'');
  });

  it('passes over comments, the declaration and a byte order mark', () => {
    expect(read('\ufeff<?xml version="1.0" encoding="UTF-8"?><!-- x --><a>1<!-- y -->2</a>').text).toBe('12');
  });

  it.each([
    ['an empty message', '', 'xml-not-well-formed'],
    ['text alone', 'hello', 'xml-not-well-formed'],
    ['an open tag', '<a><b></a>', 'xml-not-well-formed'],
    ['two roots', '<a/><b/>', 'xml-not-well-formed'],
    ['a repeated attribute', '<a b="1" b="2"/>', 'xml-not-well-formed'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>', 'xml-doctype'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'xml-doctype'],
    ['an unknown entity', '<a>&x;</a>', 'xml-reference'],
    ['a reference to a control character', '<a>&#0;</a>', 'xml-reference'],
    ['a reference to half a character', '<a>&#xD800;</a>', 'xml-reference'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>', 'xml-reference'],
    ['a control character', '<a>\u0001</a>', 'xml-character'],
    ['an undeclared prefix', '<s:a/>', 'xml-prefix'],
    ['an undeclared prefix of an attribute', '<a s:b="1"/>', 'xml-prefix'],
  ])('refuses %s', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('refuses a billion laughs at once', () => {
    const entities = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    expect(codeOf(`<!DOCTYPE z [<!ENTITY l0 "ha">${entities}]><z>&l10;</z>`)).toBe('xml-doctype');
  });

  it('refuses what is not UTF-8', () => {
    expect(codeOf(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe, 0x3c, 0x2f, 0x61, 0x3e]))).toBe('xml-not-utf8');
    expect(codeOf(Buffer.from('\ufeff<a/>', 'utf16le'))).toBe('xml-not-utf8');
    expect(codeOf(Buffer.from('<a>Ilo ñ</a>', 'latin1'))).toBe('xml-not-utf8');
  });

  it('refuses a megabyte, too deep a nest and too many elements or attributes', () => {
    expect(codeOf(`<a>${'x'.repeat(1_000_000)}</a>`)).toBe('xml-too-large');
    expect(codeOf('<a>'.repeat(100) + '</a>'.repeat(100))).not.toBe('ok');
    expect(codeOf('<a>'.repeat(XML_LIMITS.maxDepth) + '</a>'.repeat(XML_LIMITS.maxDepth))).toBe('ok');
    expect(codeOf('<a>'.repeat(XML_LIMITS.maxDepth + 1) + '</a>'.repeat(XML_LIMITS.maxDepth + 1))).not.toBe('ok');
    expect(codeOf(`<a>${'<b/>'.repeat(XML_LIMITS.maxElements)}</a>`)).toBe('xml-too-many');
    const attributes = Array.from({ length: XML_LIMITS.maxAttributes + 1 }, (_, i) => `a${i}="1"`).join(' ');
    expect(codeOf(`<a ${attributes}/>`)).toBe('xml-too-many');
  });

  it('keeps names that JavaScript objects have of their own', () => {
    expect(codeOf('<a><constructor/><toString/><hasOwnProperty/></a>')).toMatch(/^(ok|xml-)/);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(codeOf('<__proto__ polluted="1"/>')).toMatch(/^(ok|xml-)/);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('takes a full-sized hostile message in well under a second', () => {
    const flood = `<a>${'&amp;'.repeat(13_000)}</a>`;
    const begun = process.hrtime.bigint();
    expect(codeOf(flood)).toBe('ok');
    expect(codeOf('<'.repeat(65_000))).not.toBe('ok');
    expect(codeOf(`<a ${'x'.repeat(65_000)}`)).not.toBe('ok');
    expect(codeOf(`<a b="${'&'.repeat(65_000)}"/>`)).not.toBe('ok');
    expect(codeOf(`<a>${'<!--'.repeat(16_000)}</a>`)).not.toBe('ok');
    expect(Number(process.hrtime.bigint() - begun) / 1e6).toBeLessThan(2_000);
  });
});
