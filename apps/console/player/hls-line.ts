import HlsPlayer, {
  type ErrorData,
  type HlsConfig,
  type Loader,
  type LoaderCallbacks,
  type LoaderConfiguration,
  type LoaderContext,
} from 'hls.js';
import { DiscontinuityBase } from './discontinuity-base.ts';
import type { Line, LineEvents, LineFailure, LineKind } from './line.ts';
import { playlistFor, type HlsKind } from './playlist-choice.ts';

/**
 * Tuned for twelve tiles that run for weeks: little behind, little ahead, close to the live edge and gently back to it.
 * `maxBufferSize` bounds bytes where a camera sends more than it should.
 */
const TUNING: Partial<HlsConfig> = {
  enableWorker: false,
  lowLatencyMode: true,
  backBufferLength: 4,
  maxBufferLength: 8,
  maxMaxBufferLength: 12,
  maxBufferSize: 8 * 1024 * 1024,
  liveSyncDurationCount: 2,
  liveMaxLatencyDurationCount: 6,
  maxLiveSyncPlaybackRate: 1.15,
  liveDurationInfinity: true,
  nudgeMaxRetry: 5,
  capLevelToPlayerSize: false,
  startFragPrefetch: false,
};

/** Quick to give up, because the tile builds a new line anyway and says meanwhile that there is no signal. */
const PATIENCE = {
  default: {
    maxTimeToFirstByteMs: 4_000,
    maxLoadTimeMs: 8_000,
    timeoutRetry: { maxNumRetry: 1, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 2, retryDelayMs: 400, maxRetryDelayMs: 1_500 },
  },
};

/** Opens a playlist on a video element. `ticket` is asked at each request, so that a renewed one is used at once. */
export function openHlsLine(
  video: HTMLVideoElement,
  kind: HlsKind,
  playlistUrl: string,
  ticket: () => string,
  events: LineEvents,
): Line {
  const chosen = playlistFor(playlistUrl, kind);
  if (HlsPlayer.isSupported()) return openHls(video, kind, chosen, ticket, events);
  return openNative(video, kind, chosen, events);
}

function openHls(
  video: HTMLVideoElement,
  kind: LineKind,
  playlistUrl: string,
  ticket: () => string,
  events: LineEvents,
): Line {
  const hls = new HlsPlayer({
    ...TUNING,
    manifestLoadPolicy: PATIENCE,
    playlistLoadPolicy: PATIENCE,
    fragLoadPolicy: PATIENCE,
    loader: ticketLoader(ticket),
  });
  hls.on(HlsPlayer.Events.ERROR, (_event, data) => {
    if (data.fatal) events.onFatal(failureOf(data));
  });
  hls.loadSource(playlistUrl);
  hls.attachMedia(video);
  // Muted video may start without a gesture; where it may not, the picture stays still and the tile says so.
  const play = (): void => void video.play().catch(() => undefined);
  hls.on(HlsPlayer.Events.MANIFEST_PARSED, play);
  return {
    kind,
    waitingFor: undefined,
    displayedAtMs: () => hls.playingDate?.getTime() ?? null,
    destroy: () => hls.destroy(),
  };
}

/** Safari on phones: the browser plays the list itself, with the ticket that stands in the address. */
function openNative(video: HTMLVideoElement, kind: LineKind, playlistUrl: string, events: LineEvents): Line {
  const onError = (): void => events.onFatal(video.error?.code === 4 ? 'video-codec' : 'video-network');
  video.addEventListener('error', onError);
  video.src = playlistUrl;
  void video.play().catch(() => undefined);
  return {
    kind,
    waitingFor: undefined,
    displayedAtMs: () => startDateOf(video),
    destroy: () => {
      video.removeEventListener('error', onError);
      video.removeAttribute('src');
      video.load();
    },
  };
}

/** WebKit only: the date that stands at media time 0. */
function startDateOf(video: HTMLVideoElement & { getStartDate?: () => Date }): number | null {
  const start = video.getStartDate?.().getTime();
  return start === undefined || Number.isNaN(start) ? null : start + video.currentTime * 1_000;
}

function failureOf(data: ErrorData): LineFailure {
  if (data.response?.code === 401 || data.response?.code === 403) return 'ticket-refused';
  const codec: readonly string[] = [
    HlsPlayer.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR,
    HlsPlayer.ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR,
    HlsPlayer.ErrorDetails.BUFFER_ADD_CODEC_ERROR,
  ];
  if (codec.includes(data.details)) return 'video-codec';
  return data.type === HlsPlayer.ErrorTypes.NETWORK_ERROR ? 'video-network' : 'video-media';
}

/** hls.js' own loader with the present ticket in each address (playlist, init and segment alike), and small numbers. */
function ticketLoader(ticket: () => string): HlsConfig['loader'] {
  const Base = HlsPlayer.DefaultConfig.loader;
  const base = new DiscontinuityBase();
  return class TicketLoader extends Base {
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      context.url = withTicket(context.url, ticket());
      super.load(context, config, {
        ...callbacks,
        onSuccess: (response, ...rest) => {
          if (typeof response.data === 'string') response.data = base.rebase(response.data);
          callbacks.onSuccess(response, ...rest);
        },
      });
    }
  } as new (config: HlsConfig) => Loader<LoaderContext>;
}

function withTicket(address: string, ticket: string): string {
  const url = new URL(address, location.href);
  url.searchParams.set('ticket', ticket);
  return url.href;
}
