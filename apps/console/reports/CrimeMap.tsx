import { useCallback, useEffect, useMemo, useState } from 'react';
import L from 'leaflet';
import { mapReportView, type HotSpotView, type MapReportView } from '#libs/wire';
import { decimal } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useMapView } from '../live/queries.ts';
import { MapPane } from '../map/MapPane.tsx';
import type { TownMap } from '../map/town-map.ts';
import { Loading } from '../ui/States.tsx';
import { FigureTable, Nothing, Report } from './Report.tsx';
import { boundsOfHeat, heatLayer, heatSteps, type HeatLook, type HeatStep } from './heat-layer.ts';
import type { Question } from './question.ts';

const LOOKS = ['heat', 'cells'] as const;
const NOBODY: readonly never[] = [];
const SPOT_ZOOM = 17;

/** Where things happen, and where more than chance would have it. */
export function CrimeMap({ question }: { readonly question: Question }) {
  return (
    <Report name="map" question={question} schema={mapReportView}>
      {(view) => <Heat view={view} />}
    </Report>
  );
}

function Heat({ view }: { readonly view: MapReportView }) {
  const { say } = useWords();
  const base = useMapView();
  const [look, setLook] = useState<HeatLook>('heat');
  const [town, setTown] = useState<TownMap | null>(null);
  const keepMap = useCallback((map: TownMap | null) => setTown(map), []);
  const steps = useMemo(() => heatSteps(view, look, document.documentElement), [view, look]);
  useHeat(town, view, look, steps);
  const { inRange, ...left } = view.base;
  const show = ({ latitudeDeg, longitudeDeg }: HotSpotView): void =>
    void town?.map.setView([latitudeDeg, longitudeDeg], SPOT_ZOOM);
  return (
    <>
      <p>{say('reports.map.base', { all: inRange, ...left })}</p>
      {inRange === 0 ? (
        <Nothing />
      ) : (
        <>
          <div className="reports__map">
            {base.data ? (
              <MapPane
                view={base.data}
                cameras={NOBODY}
                zones={NOBODY}
                onMap={keepMap}
                legend={<Scale view={view} look={look} steps={steps} />}
              >
                <div className="switch reports__look" role="group" aria-label={say('reports.map.show')}>
                  {LOOKS.map((one) => (
                    <button key={one} type="button" aria-pressed={look === one} onClick={() => setLook(one)}>
                      {say(`reports.map.${one}`)}
                    </button>
                  ))}
                </div>
              </MapPane>
            ) : (
              <Loading />
            )}
          </div>
          <HotSpots view={view} onShow={show} />
          <Masked view={view} />
        </>
      )}
    </>
  );
}

/** Keeps the overlay and the sectors' outlines on the map, and shows all of it when another report comes. */
function useHeat(town: TownMap | null, view: MapReportView, look: HeatLook, steps: readonly HeatStep[]): void {
  useEffect(() => {
    if (!town) return undefined;
    const layers = L.layerGroup();
    const heat = heatLayer(view, look, steps);
    if (heat) layers.addLayer(heat);
    for (const { ring, name } of view.sectors) layers.addLayer(outlineOf(ring, name, town));
    layers.addTo(town.map);
    return () => void layers.remove();
  }, [town, view, look, steps]);
  useEffect(() => {
    const bounds = boundsOfHeat(view);
    if (town && bounds) town.map.fitBounds(bounds, { padding: [24, 24], maxZoom: 16, animate: false });
  }, [town, view]);
}

function outlineOf(ring: MapReportView['sectors'][number]['ring'], name: string, { palette }: TownMap): L.Layer {
  const corners = ring.map(([lng, lat]): L.LatLngTuple => [lat, lng]);
  const line = L.polygon(corners, { color: palette.text, weight: 1, opacity: 0.6, fill: false, interactive: false });
  return line.bindTooltip(name, { permanent: true, direction: 'center', className: 'reports__sector' });
}

/** What the colours mean, in numbers. */
function Scale({
  view,
  look,
  steps,
}: {
  readonly view: MapReportView;
  readonly look: HeatLook;
  readonly steps: readonly HeatStep[];
}) {
  const { say, language } = useWords();
  if (steps.length === 0) return null;
  const number = (value: number): string =>
    look === 'cells' || value >= 10 ? String(Math.round(value)) : decimal(value, 1, language);
  return (
    <ul className="legend">
      {steps.map(({ from, colour }, index) => (
        <li key={colour} className="legend__item">
          <svg className="reports__swatch" viewBox="0 0 14 14" aria-hidden="true">
            <rect width="14" height="14" fill={colour} />
          </svg>
          {index === steps.length - 1 ? `≥ ${number(from)}` : `${number(from)}+`}
        </li>
      ))}
      <li className="legend__item">
        {look === 'heat'
          ? say('reports.map.legend.heat', { bandwidth: view.grid.bandwidthM })
          : say('reports.map.legend.cells', { cell: view.grid.cellM })}
      </li>
    </ul>
  );
}

function HotSpots({ view, onShow }: { readonly view: MapReportView; readonly onShow: (spot: HotSpotView) => void }) {
  const { say, language } = useWords();
  const { hotSpots, names } = view;
  if (hotSpots.kind === 'too-few')
    return (
      <section className="stack stack--tight">
        <h2 className="reports__title">{say('reports.spots')}</h2>
        <p>{say('reports.spots.few', { count: hotSpots.count, cells: hotSpots.studyCells })}</p>
      </section>
    );
  const mean = decimal(hotSpots.meanPerCell, 1, language);
  return (
    <section className="stack stack--tight">
      <h2 className="reports__title">{say('reports.spots')}</h2>
      {hotSpots.spots.length === 0 ? (
        <p>{say('reports.spots.none')}</p>
      ) : (
        <FigureTable
          label={say('reports.spots')}
          columns={[
            { title: say('reports.spots.place') },
            { title: say('reports.by.sector'), words: true },
            { title: say('reports.spots.count') },
            { title: say('reports.spots.around') },
            { title: say('reports.spots.z') },
          ]}
          rows={hotSpots.spots.map((spot) => ({
            key: `${spot.column},${spot.row}`,
            cells: [
              <button
                key="place"
                type="button"
                className="link"
                title={say('reports.spots.show')}
                onClick={() => onShow(spot)}
              >
                {spot.latitudeDeg.toFixed(4)}, {spot.longitudeDeg.toFixed(4)}
              </button>,
              spot.sectorId === null ? say('reports.none') : (names[spot.sectorId] ?? say('reports.none')),
              spot.count,
              spot.around,
              decimal(spot.z, 1, language),
            ],
          }))}
        />
      )}
      <p className="reports__note">{say('reports.spots.method', { cells: hotSpots.studyCells, mean })}</p>
    </section>
  );
}

function Masked({ view }: { readonly view: MapReportView }) {
  const { say } = useWords();
  if (view.maskedBySector.length === 0) return null;
  return (
    <section className="stack stack--tight">
      <h2 className="reports__title">{say('reports.map.masked')}</h2>
      <p className="reports__note">{say('reports.map.masked.note')}</p>
      <FigureTable
        label={say('reports.map.masked')}
        columns={[{ title: say('reports.by.sector') }, { title: say('reports.incidents') }]}
        rows={view.maskedBySector.map(({ sectorId, count }) => ({
          key: sectorId ?? '',
          cells: [sectorId === null ? say('reports.none') : (view.names[sectorId] ?? sectorId), count],
        }))}
      />
    </section>
  );
}
