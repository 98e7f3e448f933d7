import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { cameraDetail, mapView, zoneCoverageView } from '#libs/wire';
import { useServices } from './services.tsx';

export function useMapView() {
  const { http } = useServices();
  return useQuery({
    queryKey: ['map'],
    queryFn: () => http.ask('GET', '/api/map', mapView),
    staleTime: Infinity,
    retry: true,
  });
}

/** `stamp` changes when a camera's working state or a zone changes: shares are then asked for anew. */
export function useCoverage(stamp: string) {
  const { http } = useServices();
  return useQuery({
    queryKey: ['coverage', stamp],
    queryFn: () => http.ask('GET', '/api/zones/coverage', z.array(zoneCoverageView)),
    placeholderData: (previous) => previous,
    refetchInterval: 30_000,
  });
}

export function useCameraDetail(id: string, wanted = true) {
  const { http } = useServices();
  return useQuery({
    queryKey: ['camera', id],
    queryFn: () => http.ask('GET', `/api/cameras/${id}`, cameraDetail),
    enabled: wanted,
  });
}
