import { VIDEO_SOURCE_TOKEN } from './tokens.ts';
import { serviceCapabilities } from './capabilities.ts';
import { operations, type Answer, type Call, type Operation, type Operations } from './device.ts';
import { invalidValue } from './fault.ts';
import { rangeXml } from './media-parts.ts';
import { NAMESPACES } from './namespaces.ts';
import { childOf } from './xml-reader.ts';
import { el } from './xml-writer.ts';

/** ONVIF Imaging (ver20), for reading: the pretended sensor has settings, none can be changed. */
export const IMAGING_OPERATIONS: Operations = operations({
  GetServiceCapabilities: [
    'PRE_AUTH',
    ({ device }) => el('timg:GetServiceCapabilitiesResponse', serviceCapabilities(device, 'imaging')),
  ],
  GetImagingSettings: ['READ_MEDIA', withSource(getImagingSettings)],
  GetOptions: ['READ_MEDIA', withSource(getOptions)],
  GetMoveOptions: ['READ_MEDIA', withSource(() => el('timg:GetMoveOptionsResponse', el('timg:MoveOptions')))],
  GetStatus: ['READ_MEDIA', withSource(getStatus)],
});

function withSource(answer: () => Answer): Operation['answer'] {
  return ({ body }: Call) =>
    childOf(body, NAMESPACES.timg, 'VideoSourceToken')?.text === VIDEO_SOURCE_TOKEN
      ? answer()
      : invalidValue('NoSource', 'The requested video source does not exist');
}

function getImagingSettings(): Answer {
  return el(
    'timg:GetImagingSettingsResponse',
    el(
      'timg:ImagingSettings',
      el('tt:BacklightCompensation', el('tt:Mode', 'OFF')),
      el('tt:Brightness', 50),
      el('tt:ColorSaturation', 50),
      el('tt:Contrast', 50),
      el('tt:Focus', el('tt:AutoFocusMode', 'MANUAL')),
      el('tt:IrCutFilter', 'AUTO'),
      el('tt:Sharpness', 50),
    ),
  );
}

function getOptions(): Answer {
  return el(
    'timg:GetOptionsResponse',
    el(
      'timg:ImagingOptions',
      el('tt:BacklightCompensation', el('tt:Mode', 'OFF')),
      rangeXml('tt:Brightness', 0, 100),
      rangeXml('tt:ColorSaturation', 0, 100),
      rangeXml('tt:Contrast', 0, 100),
      el('tt:Focus', el('tt:AutoFocusModes', 'MANUAL')),
      el('tt:IrCutFilterModes', 'AUTO'),
      rangeXml('tt:Sharpness', 0, 100),
    ),
  );
}

function getStatus(): Answer {
  const focus = el('tt:FocusStatus20', el('tt:Position', 0), el('tt:MoveStatus', 'IDLE'));
  return el('timg:GetStatusResponse', el('timg:Status', focus));
}
