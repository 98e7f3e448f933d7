import { plainText } from './xml.ts';

/** What a device's scopes say (ONVIF Core 7.3.3). Each '' or `null` when it is not said. */
export interface ScopeFacts {
  readonly name: string;
  readonly hardware: string;
  readonly location: string;
  /** Lower case, colons; some makers put it in a scope of their own. */
  readonly macAddress: string | null;
}

const MAX_CHARS = 120;

export function readScopes(scopes: readonly string[]): ScopeFacts {
  const location = [...valuesOf(scopes, 'location'), ...valuesOf(scopes, 'Location')];
  return {
    name: valuesOf(scopes, 'name')[0] ?? '',
    hardware: valuesOf(scopes, 'hardware')[0] ?? '',
    location: plainText(
      location.map((value) => value.replace(/^(city|country|province)\//i, '')).join(', '),
      MAX_CHARS,
    ),
    macAddress: readMacAddress([...valuesOf(scopes, 'MAC'), ...valuesOf(scopes, 'mac')][0] ?? ''),
  };
}

/** `AABBCCDDEEFF`, `aa-bb-…` or `aa:bb:…` as `aa:bb:cc:dd:ee:ff`; `null` for anything else, all zeros and all ones. */
export function readMacAddress(text: string): string | null {
  const digits = text.replace(/[:.-]/g, '').toLowerCase();
  if (!/^[0-9a-f]{12}$/.test(digits) || /^(0{12}|f{12})$/.test(digits)) return null;
  return digits.match(/../g)!.join(':');
}

function valuesOf(scopes: readonly string[], category: string): string[] {
  const prefix = `onvif://www.onvif.org/${category}/`;
  return scopes
    .filter((scope) => scope.startsWith(prefix))
    .map((scope) => plainText(decodePercent(scope.slice(prefix.length)), MAX_CHARS))
    .filter((value) => value !== '');
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
