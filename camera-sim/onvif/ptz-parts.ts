import { PTZ_NODE_TOKEN } from './tokens.ts';
import { el, elWith, type XmlNode } from './xml-writer.ts';

const BASE = 'http://www.onvif.org/ver10/tptz/';

/** Generic coordinate spaces, ONVIF PTZ §5.8. */
export const SPACES = {
  absolutePanTilt: `${BASE}PanTiltSpaces/PositionGenericSpace`,
  absoluteZoom: `${BASE}ZoomSpaces/PositionGenericSpace`,
  relativePanTilt: `${BASE}PanTiltSpaces/TranslationGenericSpace`,
  relativeZoom: `${BASE}ZoomSpaces/TranslationGenericSpace`,
  velocityPanTilt: `${BASE}PanTiltSpaces/VelocityGenericSpace`,
  velocityZoom: `${BASE}ZoomSpaces/VelocityGenericSpace`,
  speedPanTilt: `${BASE}PanTiltSpaces/GenericSpeedSpace`,
  speedZoom: `${BASE}ZoomSpaces/ZoomGenericSpeedSpace`,
} as const;

/** Longest continuous move, and how long one lasts when the client gives no timeout. */
export const MOVE_TIMEOUT = { minMs: 100, maxMs: 60_000, defaultMs: 10_000 } as const;

function range(name: string, min: number, max: number): XmlNode {
  return el(name, el('tt:Min', min), el('tt:Max', max));
}

function space2d(name: string, uri: string): XmlNode {
  return el(name, el('tt:URI', uri), range('tt:XRange', -1, 1), range('tt:YRange', -1, 1));
}

function space1d(name: string, uri: string, min: number): XmlNode {
  return el(name, el('tt:URI', uri), range('tt:XRange', min, 1));
}

/** tt:PTZSpaces, in the order of onvif.xsd. */
export function ptzSpaces(name: string): XmlNode {
  return el(
    name,
    space2d('tt:AbsolutePanTiltPositionSpace', SPACES.absolutePanTilt),
    space1d('tt:AbsoluteZoomPositionSpace', SPACES.absoluteZoom, 0),
    space2d('tt:RelativePanTiltTranslationSpace', SPACES.relativePanTilt),
    space1d('tt:RelativeZoomTranslationSpace', SPACES.relativeZoom, -1),
    space2d('tt:ContinuousPanTiltVelocitySpace', SPACES.velocityPanTilt),
    space1d('tt:ContinuousZoomVelocitySpace', SPACES.velocityZoom, -1),
    space1d('tt:PanTiltSpeedSpace', SPACES.speedPanTilt, 0),
    space1d('tt:ZoomSpeedSpace', SPACES.speedZoom, 0),
  );
}

/** Content of tt:PTZConfiguration, in the order of onvif.xsd (`PantTilt` is the schema's own spelling). */
export function ptzConfigurationParts(useCount: number): XmlNode[] {
  return [
    el('tt:Name', 'PTZ'),
    el('tt:UseCount', useCount),
    el('tt:NodeToken', PTZ_NODE_TOKEN),
    el('tt:DefaultAbsolutePantTiltPositionSpace', SPACES.absolutePanTilt),
    el('tt:DefaultAbsoluteZoomPositionSpace', SPACES.absoluteZoom),
    el('tt:DefaultRelativePanTiltTranslationSpace', SPACES.relativePanTilt),
    el('tt:DefaultRelativeZoomTranslationSpace', SPACES.relativeZoom),
    el('tt:DefaultContinuousPanTiltVelocitySpace', SPACES.velocityPanTilt),
    el('tt:DefaultContinuousZoomVelocitySpace', SPACES.velocityZoom),
    el(
      'tt:DefaultPTZSpeed',
      elWith('tt:PanTilt', { x: 1, y: 1, space: SPACES.speedPanTilt }),
      elWith('tt:Zoom', { x: 1, space: SPACES.speedZoom }),
    ),
    el('tt:DefaultPTZTimeout', `PT${MOVE_TIMEOUT.defaultMs / 1000}S`),
    el('tt:PanTiltLimits', space2d('tt:Range', SPACES.absolutePanTilt)),
    el('tt:ZoomLimits', space1d('tt:Range', SPACES.absoluteZoom, 0)),
  ];
}
