import L from 'leaflet';

/** Geoman is an old-style plugin: it looks for Leaflet as a global. Imported before it and nowhere else. */
(globalThis as { L?: typeof L }).L = L;
