import type { SimPreset } from '../model.ts';
import { PTZ_CONFIGURATION_TOKEN, PTZ_NODE_TOKEN } from './tokens.ts';
import { serviceCapabilities } from './capabilities.ts';
import { operations, type Answer, type Call, type Operation, type Operations } from './device.ts';
import { actionNotSupported, invalidValue, missingArgument, receiverFault } from './fault.ts';
import { askedProfile, ptzConfiguration } from './media-parts.ts';
import { NAMESPACES } from './namespaces.ts';
import { MAX_PRESETS, type PartialMove, type PtzHead } from './ptz-head.ts';
import { MOVE_TIMEOUT, SPACES, ptzSpaces } from './ptz-parts.ts';
import { childOf, type XmlElement } from './xml-reader.ts';
import { el, elWith, type XmlNode } from './xml-writer.ts';
import { formatDateTime, parseDuration } from './xsd-time.ts';

type HeadAnswer = (call: Call, head: PtzHead) => Answer;

/** For what needs no profile. */
function withHead(answer: HeadAnswer): Operation['answer'] {
  return (call) => (call.device.head ? answer(call, call.device.head) : actionNotSupported(call.body.name));
}

/** For what acts on the head through one of the camera's profiles, ONVIF PTZ §5. */
function withProfile(answer: HeadAnswer): Operation['answer'] {
  return withHead((call, head) =>
    askedProfile(call.device, call.body)
      ? answer(call, head)
      : invalidValue('NoProfile', 'The requested profile token does not exist'),
  );
}

export const PTZ_OPERATIONS: Operations = operations({
  GetServiceCapabilities: [
    'PRE_AUTH',
    ({ device }) => el('tptz:GetServiceCapabilitiesResponse', serviceCapabilities(device, 'ptz')),
  ],
  GetNodes: ['READ_MEDIA', withHead(() => el('tptz:GetNodesResponse', nodeXml()))],
  GetNode: ['READ_MEDIA', withHead(getNode)],
  GetConfigurations: [
    'READ_MEDIA',
    withHead(({ device }) => el('tptz:GetConfigurationsResponse', ptzConfiguration(device, 'tptz:PTZConfiguration'))),
  ],
  GetConfiguration: ['READ_MEDIA', withHead(getConfiguration)],
  GetConfigurationOptions: ['READ_MEDIA', withHead(getConfigurationOptions)],
  GetStatus: ['READ_MEDIA', withProfile(getStatus)],
  GetPresets: ['READ_MEDIA', withProfile((_, head) => el('tptz:GetPresetsResponse', head.presets.map(presetXml)))],
  GotoPreset: ['ACTUATE', withProfile(gotoPreset)],
  SetPreset: ['ACTUATE', withProfile(setPreset)],
  RemovePreset: ['ACTUATE', withProfile(removePreset)],
  AbsoluteMove: ['ACTUATE', withProfile(absoluteMove)],
  RelativeMove: ['ACTUATE', withProfile(relativeMove)],
  ContinuousMove: ['ACTUATE', withProfile(continuousMove)],
  Stop: ['ACTUATE', withProfile(stop)],
  GotoHomePosition: ['ACTUATE', withProfile(gotoHomePosition)],
  SetHomePosition: ['ACTUATE', withProfile(setHomePosition)],
});

function nodeXml(): XmlNode {
  return elWith(
    'tptz:PTZNode',
    { token: PTZ_NODE_TOKEN, FixedHomePosition: false },
    el('tt:Name', 'PTZ'),
    ptzSpaces('tt:SupportedPTZSpaces'),
    el('tt:MaximumNumberOfPresets', MAX_PRESETS),
    el('tt:HomeSupported', true),
  );
}

function getNode({ body }: Call): Answer {
  if (childOf(body, NAMESPACES.tptz, 'NodeToken')?.text !== PTZ_NODE_TOKEN) {
    return invalidValue('NoEntity', 'No such PTZ node on the device');
  }
  return el('tptz:GetNodeResponse', nodeXml());
}

function noConfig(): Answer {
  return invalidValue('NoConfig', 'The requested configuration does not exist');
}

function getConfiguration({ device, body }: Call): Answer {
  if (childOf(body, NAMESPACES.tptz, 'PTZConfigurationToken')?.text !== PTZ_CONFIGURATION_TOKEN) return noConfig();
  return el('tptz:GetConfigurationResponse', ptzConfiguration(device, 'tptz:PTZConfiguration'));
}

function getConfigurationOptions({ body }: Call): Answer {
  if (childOf(body, NAMESPACES.tptz, 'ConfigurationToken')?.text !== PTZ_CONFIGURATION_TOKEN) return noConfig();
  const timeout = el(
    'tt:PTZTimeout',
    el('tt:Min', `PT${MOVE_TIMEOUT.minMs / 1000}S`),
    el('tt:Max', `PT${MOVE_TIMEOUT.maxMs / 1000}S`),
  );
  return el(
    'tptz:GetConfigurationOptionsResponse',
    el('tptz:PTZConfigurationOptions', ptzSpaces('tt:Spaces'), timeout),
  );
}

function getStatus({ device }: Call, head: PtzHead): Answer {
  const position = head.position;
  const state = position.moving ? 'MOVING' : 'IDLE';
  return el(
    'tptz:GetStatusResponse',
    el(
      'tptz:PTZStatus',
      positionXml('tt:Position', position),
      el('tt:MoveStatus', el('tt:PanTilt', state), el('tt:Zoom', state)),
      el('tt:UtcTime', formatDateTime(device.nowMs())),
    ),
  );
}

function positionXml(
  name: string,
  at: { readonly pan: number; readonly tilt: number; readonly zoom: number },
): XmlNode {
  return el(
    name,
    elWith('tt:PanTilt', { x: at.pan, y: at.tilt, space: SPACES.absolutePanTilt }),
    elWith('tt:Zoom', { x: at.zoom, space: SPACES.absoluteZoom }),
  );
}

function presetXml(preset: SimPreset): XmlNode {
  return elWith(
    'tptz:Preset',
    { token: preset.token },
    el('tt:Name', preset.name),
    positionXml('tt:PTZPosition', preset),
  );
}

function noToken(): Answer {
  return invalidValue('NoToken', 'The requested preset token does not exist');
}

function presetToken(body: XmlElement): string | undefined {
  return childOf(body, NAMESPACES.tptz, 'PresetToken')?.text;
}

function gotoPreset({ body }: Call, head: PtzHead): Answer {
  const speed = readVector(body, 'Speed', 0, 0);
  if (speed === 'invalid') return invalidValue('InvalidSpeed', 'The requested speed is out of bounds');
  return head.goTo(presetToken(body) ?? '', speed) ? el('tptz:GotoPresetResponse') : noToken();
}

const MAX_PRESET_NAME_CHARS = 64;

function setPreset({ body }: Call, head: PtzHead): Answer {
  const name = childOf(body, NAMESPACES.tptz, 'PresetName')?.text;
  if (name !== undefined && name.length > MAX_PRESET_NAME_CHARS) {
    return invalidValue('InvalidPresetName', `A preset name has at most ${MAX_PRESET_NAME_CHARS} characters`);
  }
  const token = presetToken(body);
  if (token !== undefined && !head.presets.some((preset) => preset.token === token)) return noToken();
  if (head.presets.some((preset) => preset.name === name && preset.token !== token)) {
    return invalidValue('PresetExist', 'The requested name already exists for another preset');
  }
  if (head.position.moving)
    return receiverFault(['Action', 'MovingPTZ'], 'Preset cannot be set while the PTZ unit is moving');
  const saved = head.save(name, token);
  if (saved === undefined) return receiverFault(['Action', 'TooManyPresets'], 'Maximum number of presets reached');
  return el('tptz:SetPresetResponse', el('tptz:PresetToken', saved));
}

function removePreset({ body }: Call, head: PtzHead): Answer {
  return head.remove(presetToken(body) ?? '') ? el('tptz:RemovePresetResponse') : noToken();
}

function absoluteMove({ body }: Call, head: PtzHead): Answer {
  const position = readVector(body, 'Position', -1, 0);
  const speed = readVector(body, 'Speed', 0, 0);
  if (position === undefined) return missingArgument('Position');
  if (position === 'invalid') return invalidValue('InvalidPosition', 'The requested position is out of bounds');
  if (speed === 'invalid') return invalidValue('InvalidSpeed', 'The requested speed is out of bounds');
  head.moveTo(position, speed);
  return el('tptz:AbsoluteMoveResponse');
}

function relativeMove({ body }: Call, head: PtzHead): Answer {
  const translation = readVector(body, 'Translation', -1, -1);
  const speed = readVector(body, 'Speed', 0, 0);
  if (translation === undefined) return missingArgument('Translation');
  if (translation === 'invalid')
    return invalidValue('InvalidTranslation', 'The requested translation is out of bounds');
  if (speed === 'invalid') return invalidValue('InvalidSpeed', 'The requested speed is out of bounds');
  head.moveBy(translation, speed);
  return el('tptz:RelativeMoveResponse');
}

function continuousMove({ body }: Call, head: PtzHead): Answer {
  const velocity = readVector(body, 'Velocity', -1, -1);
  if (velocity === undefined) return missingArgument('Velocity');
  if (velocity === 'invalid') return invalidValue('InvalidVelocity', 'The requested velocity is out of bounds');
  const asked = childOf(body, NAMESPACES.tptz, 'Timeout')?.text;
  const timeoutMs = asked === undefined ? MOVE_TIMEOUT.defaultMs : parseDuration(asked);
  if (timeoutMs === undefined || timeoutMs > MOVE_TIMEOUT.maxMs || timeoutMs < 0) {
    return invalidValue('TimeoutNotSupported', 'The specified timeout is not within the supported timeout range');
  }
  head.drive(velocity, Math.max(MOVE_TIMEOUT.minMs, timeoutMs));
  return el('tptz:ContinuousMoveResponse');
}

/** Both axes stop unless the request says `false` for one (ONVIF PTZ §5.3.4). */
function stop({ body }: Call, head: PtzHead): Answer {
  const wants = (name: string): boolean =>
    !['false', '0'].includes(childOf(body, NAMESPACES.tptz, name)?.text ?? 'true');
  head.stop({ panTilt: wants('PanTilt'), zoom: wants('Zoom') });
  return el('tptz:StopResponse');
}

function gotoHomePosition({ body }: Call, head: PtzHead): Answer {
  const speed = readVector(body, 'Speed', 0, 0);
  if (speed === 'invalid') return invalidValue('InvalidSpeed', 'The requested speed is out of bounds');
  head.goHome(speed);
  return el('tptz:GotoHomePositionResponse');
}

function setHomePosition(_: Call, head: PtzHead): Answer {
  head.setHome();
  return el('tptz:SetHomePositionResponse');
}

/** A tt:PTZVector or tt:PTZSpeed: each axis may be absent, a number must be within its space. */
function readVector(
  body: XmlElement,
  name: string,
  minPanTilt: number,
  minZoom: number,
): PartialMove | 'invalid' | undefined {
  const vector = childOf(body, NAMESPACES.tptz, name);
  if (!vector) return undefined;
  const panTilt = childOf(vector, NAMESPACES.tt, 'PanTilt');
  const zoom = childOf(vector, NAMESPACES.tt, 'Zoom');
  const pan = panTilt && readNumber(panTilt.attributes.get('x'), minPanTilt);
  const tilt = panTilt && readNumber(panTilt.attributes.get('y'), minPanTilt);
  const zoomX = zoom && readNumber(zoom.attributes.get('x'), minZoom);
  if (Number.isNaN(pan) || Number.isNaN(tilt) || Number.isNaN(zoomX)) return 'invalid';
  return {
    ...(pan === undefined ? {} : { pan }),
    ...(tilt === undefined ? {} : { tilt }),
    ...(zoomX === undefined ? {} : { zoom: zoomX }),
  };
}

/** NaN for what is no number or out of `min..1`. */
function readNumber(text: string | undefined, min: number): number {
  if (text === undefined || !/^[+-]?(?:\d{1,9}\.?\d{0,18}|\.\d{1,18})(?:[eE][+-]?\d{1,2})?$/.test(text))
    return Number.NaN;
  const value = Number(text);
  return value >= min && value <= 1 ? value : Number.NaN;
}
