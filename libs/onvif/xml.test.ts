import { describe, expect, it } from '@jest/globals';
import { readXml } from '#libs/onvif';

const codeOf = (result: { ok: boolean; refusal?: { code: string } }): string => result.refusal?.code ?? 'accepted';

describe('xml', () => {
  it('reads names without prefixes, text, references and attributes', () => {
    const xml = readXml(
      '\uFEFF <?xml version="1.0"?><a:b xmlns:a="u" token="x&amp;y"><c> 1 &lt; 2 &#x41;&#66;&unknown; </c><c/></a:b>',
    );
    if (!xml.ok) throw new Error(xml.refusal.message);
    expect(xml.value.name).toBe('b');
    expect(xml.value.attributes.get('token')).toBe('x&y');
    expect(xml.value.children.map((child) => child.text)).toEqual(['1 < 2 AB&unknown;', '']);
  });

  it.each([
    ['xml-doctype', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['xml-doctype', '<!doctype html><html></html>'],
    ['xml-too-large', 'x'.repeat(600_000)],
    ['xml-too-large', `<a>${'<b/>'.repeat(25_000)}</a>`],
    ['xml-malformed', '<a>'.repeat(100) + '</a>'.repeat(100)],
    ['xml-malformed', '<a><b></a>'],
    ['xml-malformed', 'not xml at all'],
    ['xml-malformed', ''],
  ])('refuses with %s', (code, text) => expect(codeOf(readXml(text))).toBe(code));

  it('does not let a name reach an object’s prototype', () => {
    const xml = readXml('<a><__proto__><polluted>yes</polluted></__proto__><constructor x="1"/></a>');
    expect(xml.ok || xml.refusal.code === 'xml-malformed').toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
