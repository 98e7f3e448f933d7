import type { SimCamera } from '../model.ts';
import { rulesOf, type VendorRules } from './vendor.ts';

const BASE = 'onvif://www.onvif.org/';

/** Scopes of a camera (ONVIF Core §7.3.2.2), fixed ones first, as GetScopes and ProbeMatches give them. */
export function scopesOf(camera: SimCamera): {
  readonly fixed: readonly string[];
  readonly configurable: readonly string[];
} {
  const { spec } = camera;
  const rules = rulesOf(spec.vendor);
  const encode = (text: string): string => encodeScope(text, rules.scopeText);
  const media2 = rules.hasGetServices ? ['Profile/T'] : [];
  const head = spec.presets.length > 0 ? ['type/ptz'] : [];
  const fixed = ['Profile/Streaming', ...media2, 'type/video_encoder', ...head, `hardware/${encode(spec.model)}`];
  const configurable = [`name/${encode(spec.name)}`, `location/${encode(spec.location)}`];
  return { fixed: fixed.map((path) => BASE + path), configurable: configurable.map((path) => BASE + path) };
}

function encodeScope(text: string, how: VendorRules['scopeText']): string {
  if (how === 'raw-underscores') return text.replace(/[\s/]+/g, '_');
  const encoded = encodeURIComponent(text);
  return how === 'percent-encoded' ? encoded : encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}
